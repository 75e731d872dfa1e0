package stream

// What the tests look at: the memory that is held.

func (a *Assembler) Held() int { return a.held }

func (h *Half) Pending() int { return len(h.pending) }

func (h *Half) Room() int { return cap(h.pending) }

func (f *Fragments) Held() int { return f.held }

func (f *Fragments) Open() int { return len(f.open) }

const (
	MaxPendingSegments = 2 * maxSegments
	MaxHeld            = maxHeld
)
