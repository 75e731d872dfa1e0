package simulate

// supervisory composes the level of SCADA, historian and engineering.
func (p *plant) supervisory() {}

// office composes the office and the demilitarised zone.
func (p *plant) office() {}
