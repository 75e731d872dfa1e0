// Package hub joins the facts of sensors into the state of the plant:
// inventory and conversations.
package hub

import (
	"sync"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
)

// Hub gathers facts. It is a sink for any number of sensors.
type Hub struct {
	mu     sync.Mutex
	assets *asset.Builder
	book   *flow.Book
}

// New returns an empty hub.
func New() *Hub {
	return &Hub{assets: asset.NewBuilder(), book: flow.NewBook()}
}

// Accept joins a batch of facts.
func (h *Hub) Accept(b *fact.Batch) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range b.Flows {
		h.assets.Flow(f)
		h.book.Add(f)
	}
	for _, s := range b.Statements {
		h.assets.Statement(s)
	}
	return nil
}

// State is what a hub has concluded.
type State struct {
	Inventory     *asset.Inventory
	Conversations []*flow.Conversation
}

// Close concludes. The hub is not used afterwards.
func (h *Hub) Close() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return State{h.assets.Resolve(), h.book.Close()}
}
