package asset

func (r *resolver) behave() {}
