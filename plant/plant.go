// Package plant holds what people decided about a plant: where its things
// stand, how they are divided into zones and conduits (IEC 62443-1-1 and
// 3-2), who owns what, what work is approved and which deviations are
// accepted. The model is one text file that is edited by hand or by program;
// reading is strict and tells every problem with its position, and edits keep
// comments and order.
package plant

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Version is the newest version of the plant file that this program reads.
const Version = 1

// Plant is the intended model.
type Plant struct {
	Version       int           `yaml:"plant" need:"yes" doc:"Version of the format: 1."`
	Name          string        `yaml:"name" doc:"What people call the plant."`
	Sites         []Place       `yaml:"sites" doc:"The physical tree: sites, their areas, and the cells of these (ISA-95). A flat list; each place names the one it is in."`
	Zones         []Zone        `yaml:"zones" doc:"Groups of assets with the same security requirements (IEC 62443-3-2, ZCR 3)."`
	Conduits      []Conduit     `yaml:"conduits" doc:"What may pass from one zone to another. Everything else may not."`
	People        []Person      `yaml:"people" doc:"Who is named elsewhere as owner or approver."`
	Roles         []Role        `yaml:"roles" doc:"Groups of people that can own things."`
	RiskTolerance RiskTolerance `yaml:"risk_tolerance" doc:"Which consequence the plant accepts."`
	Work          []Work        `yaml:"work" doc:"Approved work."`
	Exceptions    []Exception   `yaml:"exceptions" doc:"Accepted deviations."`

	positions map[string]Position
}

// Place is a site, an area or a cell.
type Place struct {
	ID   ID        `yaml:"id" need:"yes" doc:"Unique among the places."`
	Name string    `yaml:"name" doc:"For people."`
	Kind PlaceKind `yaml:"kind" need:"yes" doc:"What it is."`
	In   ID        `yaml:"in" doc:"The place that it is part of; a site has none."`
}

// Zone is a group of assets with the same security requirements.
type Zone struct {
	ID          ID          `yaml:"id" need:"yes" doc:"Unique among the zones; firewall objects are named after it."`
	Name        string      `yaml:"name" doc:"For people."`
	At          ID          `yaml:"at" doc:"The place where it is."`
	PurdueLevel *Level      `yaml:"purdue_level" doc:"0 to 5, 3.5 for the DMZ."`
	SLT         *Vector     `yaml:"sl_t" doc:"Target security level for each of the seven foundational requirements (IEC 62443-1-1)."`
	Members     []Member    `yaml:"members" need:"yes" doc:"What belongs to it. An asset belongs to at most one zone."`
	Criticality Criticality `yaml:"criticality" doc:"How much depends on it."`
	Safety      bool        `yaml:"safety" doc:"It takes part in functional safety."`
	Owner       ID          `yaml:"owner" doc:"Person or role that answers for it."`
	Why         string      `yaml:"why" doc:"Why it is a zone of its own, and how its target level was found."`
}

// Member selects assets. All selectors that are given must match.
type Member struct {
	Asset    string    `yaml:"asset" doc:"ID of an asset, as bulkhead analyze writes it."`
	IP       Addresses `yaml:"ip" doc:"Address, prefix such as 10.1.0.0/16, or range such as 10.1.0.5-10.1.0.9."`
	Except   []Except  `yaml:"except" doc:"Addresses, prefixes or ranges that ip does not mean."`
	MAC      MAC       `yaml:"mac" doc:"Hardware address."`
	VLAN     VLAN      `yaml:"vlan" doc:"VLAN of the interface."`
	Role     string    `yaml:"role" doc:"Role of the asset, such as plc."`
	Name     Pattern   `yaml:"name" doc:"Name of the asset; * stands for any text, ? for one character."`
	External bool      `yaml:"external" doc:"Everything outside the plant."`
	Why      string    `yaml:"why" doc:"Why it belongs here."`
}

// Conduit is what may pass from one zone to another.
type Conduit struct {
	ID        ID         `yaml:"id" need:"yes" doc:"Unique among the conduits."`
	From      ID         `yaml:"from" need:"yes" doc:"Zone that asks."`
	To        ID         `yaml:"to" need:"yes" doc:"Zone that answers."`
	Direction Direction  `yaml:"direction" doc:"one-way (default): only from asks. both: either zone asks the other."`
	Clients   []Member   `yaml:"clients" doc:"Only these assets of the zone from; all of it when not given. Reversed for the way back when direction is both."`
	Servers   []Member   `yaml:"servers" doc:"Only these assets of the zone to; all of it when not given."`
	Protocols []Protocol `yaml:"protocols" need:"yes" doc:"What may pass."`
	Owner     ID         `yaml:"owner" doc:"Person or role that answers for it."`
	Reason    string     `yaml:"reason" doc:"What it is needed for."`
	Expires   Moment     `yaml:"expires" doc:"Date, or time with zone, from which on it allows nothing."`
}

// Protocol is one kind of traffic that a conduit lets pass.
type Protocol struct {
	Protocol  string   `yaml:"protocol" need:"yes" doc:"Name as bulkhead protocols lists it; tcp, udp, icmp, ip, ethernet for what was not recognised; any for everything."`
	Ports     []Port   `yaml:"ports" doc:"Only these, such as tcp/502, udp/30000-30100, ip/47, ethernet/0x88cc; any when not given."`
	Classes   []Class  `yaml:"classes" doc:"Only operations of these classes; any when not given."`
	Functions []string `yaml:"functions" doc:"Only these codes of the protocol, as its specification writes them; any when not given."`
	AsksBack  bool     `yaml:"asks_back" doc:"The zone to may also ask, over connections that the zone from opened."`
}

// Person is somebody who owns or approves.
type Person struct {
	ID    ID     `yaml:"id" need:"yes" doc:"Unique among people and roles."`
	Name  string `yaml:"name" doc:"Full name."`
	Email string `yaml:"email" doc:"Where to write."`
	Phone string `yaml:"phone" doc:"Where to call."`
	Roles []ID   `yaml:"roles" doc:"Roles that the person has."`
}

// Role is a group of people.
type Role struct {
	ID   ID     `yaml:"id" need:"yes" doc:"Unique among people and roles."`
	Name string `yaml:"name" doc:"For people."`
	What string `yaml:"what" doc:"What the role answers for."`
}

// RiskTolerance says which consequence the plant accepts at most.
type RiskTolerance struct {
	Safety      Tolerance `yaml:"safety" doc:"Harm to people."`
	Environment Tolerance `yaml:"environment" doc:"Harm to the environment."`
	Production  Tolerance `yaml:"production" doc:"Loss of production."`
	Data        Tolerance `yaml:"data" doc:"Loss of secrets."`
	Why         string    `yaml:"why" doc:"What it rests on."`
	DecidedBy   ID        `yaml:"decided_by" doc:"Person or role that decided."`
}

// Work is approved work.
type Work struct {
	ID    ID     `yaml:"id" need:"yes" doc:"Unique among the work, such as the number of the work order."`
	Who   []ID   `yaml:"who" need:"yes" doc:"People or roles that do it."`
	Where []ID   `yaml:"where" need:"yes" doc:"Zones that it concerns."`
	What  string `yaml:"what" need:"yes" doc:"What is done."`
	From  Moment `yaml:"from" need:"yes" doc:"Date, or time with zone."`
	To    Moment `yaml:"to" need:"yes" doc:"Date, or time with zone."`
}

// Exception is an accepted deviation.
type Exception struct {
	ID           ID     `yaml:"id" need:"yes" doc:"Unique among the exceptions."`
	What         string `yaml:"what" need:"yes" doc:"What deviates, and from what."`
	Of           ID     `yaml:"of" doc:"Zone or conduit that it concerns."`
	Who          ID     `yaml:"who" need:"yes" doc:"Person or role that accepted it."`
	Why          string `yaml:"why" need:"yes" doc:"Why it is accepted."`
	Compensating string `yaml:"compensating" doc:"What is done instead."`
	Until        Moment `yaml:"until" need:"yes" doc:"Date, or time with zone, from which on it is void."`
}

// Zone returns the zone with the ID, or nil.
func (p *Plant) Zone(id ID) *Zone {
	for i := range p.Zones {
		if p.Zones[i].ID == id {
			return &p.Zones[i]
		}
	}
	return nil
}

// Conduit returns the conduit with the ID, or nil.
func (p *Plant) Conduit(id ID) *Conduit {
	for i := range p.Conduits {
		if p.Conduits[i].ID == id {
			return &p.Conduits[i]
		}
	}
	return nil
}

// Path lists the names of a place and of those that it is in, outermost first.
func (p *Plant) Path(id ID) []string {
	var names []string
	for range p.Sites {
		for i := range p.Sites {
			if s := &p.Sites[i]; s.ID == id && id != "" {
				name := s.Name
				if name == "" {
					name = string(s.ID)
				}
				names = append([]string{name}, names...)
				id = s.In
				break
			}
		}
	}
	return names[:min(len(names), len(p.Sites))]
}

// Label is what people call the zone.
func (z *Zone) Label() string {
	if z.Name != "" {
		return z.Name
	}
	return string(z.ID)
}

// Expired tells whether the conduit allows nothing any more.
func (c *Conduit) Expired(at time.Time) bool {
	return !c.Expires.IsZero() && !at.IsZero() && !at.Before(c.Expires.Time)
}

// Allows tells whether operations of the class and code may pass.
func (r *Protocol) Allows(class fact.Class, code string) bool {
	return r.AllowsClass(class) && r.allowsCode(code)
}

// AllowsClass tells whether operations of the class may pass, of whatever code.
func (r *Protocol) AllowsClass(class fact.Class) bool {
	for _, c := range r.Classes {
		if fact.Class(c) == class {
			return true
		}
	}
	return len(r.Classes) == 0
}

func (r *Protocol) allowsCode(code string) bool {
	for _, f := range r.Functions {
		if f == code {
			return true
		}
	}
	return len(r.Functions) == 0
}
