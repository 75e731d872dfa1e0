package plant

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// ChangeVersion is the newest version of the change file that is read.
const ChangeVersion = 1

// Change is a proposed change to a plant.
type Change struct {
	Version  int             `yaml:"change" need:"yes" doc:"Version of the format: 1."`
	Why      string          `yaml:"why" doc:"What the change is for."`
	Zones    ZoneChanges     `yaml:"zones" doc:"Changes to zones."`
	Conduits ConduitsChanges `yaml:"conduits" doc:"Changes to conduits."`
}

// ZoneChanges are changes to zones.
type ZoneChanges struct {
	Add     []Zone `yaml:"add" doc:"New zones."`
	Replace []Zone `yaml:"replace" doc:"Zones that take the place of the ones with the same id."`
	Remove  []ID   `yaml:"remove" doc:"Zones that go."`
}

// ConduitsChanges are changes to conduits.
type ConduitsChanges struct {
	Add     []Conduit `yaml:"add" doc:"New conduits."`
	Replace []Conduit `yaml:"replace" doc:"Conduits that take the place of the ones with the same id."`
	Remove  []ID      `yaml:"remove" doc:"Conduits that go."`
}

// IsChange tells whether a text is a change file, by its first field.
func IsChange(src []byte) bool {
	for line := range bytes.Lines(src) {
		if t := strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff")); t != "" && t[0] != '#' && t != "---" {
			return strings.HasPrefix(t, "change:")
		}
	}
	return false
}

// ReadChange reads what a plant would become: src is a change file, or another
// plant file. With an error among the problems nothing is returned.
func ReadChange(name string, src []byte, of *Plant, at time.Time) (*Plant, Problems) {
	if !IsChange(src) {
		return Read(name, src, at)
	}
	c, positions := &Change{}, make(map[string]Position)
	if ps := decode(name, src, c, positions, "change", ChangeVersion); len(ps) > 0 {
		ps.Sort()
		return nil, ps
	}
	a := &applier{p: of.clone(), from: positions}
	changeList(a, "zones", &a.p.Zones, c.Zones.Add, c.Zones.Replace, c.Zones.Remove, func(z *Zone) ID { return z.ID })
	changeList(a, "conduits", &a.p.Conduits, c.Conduits.Add, c.Conduits.Replace, c.Conduits.Remove, func(d *Conduit) ID { return d.ID })
	ps := a.ps
	if len(ps) == 0 {
		ps = a.p.Check(at)
	}
	ps.Sort()
	if len(ps.Errors()) > 0 {
		return nil, ps
	}
	return a.p, ps
}

// clone copies what a change may change.
func (p *Plant) clone() *Plant {
	q := *p
	q.Zones, q.Conduits = slices.Clone(p.Zones), slices.Clone(p.Conduits)
	q.positions = make(map[string]Position, len(p.positions))
	for k, v := range p.positions {
		q.positions[k] = v
	}
	return &q
}

// applier makes a change, and keeps the positions with the things.
type applier struct {
	p    *Plant
	from map[string]Position
	ps   Problems
}

func (a *applier) fail(path, remedy, what string, args ...any) {
	at := a.from[path]
	a.ps = append(a.ps, Problem{Position: at, What: fmt.Sprintf(what, args...), Remedy: remedy})
}

func changeList[T any](a *applier, list string, things *[]T, add, replace []T, remove []ID, id func(*T) ID) {
	what := strings.TrimSuffix(list, "s")
	find := func(of ID) int { return slices.IndexFunc(*things, func(t T) bool { return id(&t) == of }) }
	for i := range replace {
		j, path := find(id(&replace[i])), fmt.Sprintf("%s.replace[%d]", list, i)
		if j < 0 {
			a.fail(path, "put it under add, or correct the id", "there is no %s %s to replace", what, id(&replace[i]))
			continue
		}
		(*things)[j] = replace[i]
		a.move(fmt.Sprintf("%s[%d]", list, j), path)
	}
	for i, r := range remove {
		if j, path := find(r), fmt.Sprintf("%s.remove[%d]", list, i); j < 0 {
			a.fail(path, "correct the id", "there is no %s %s to remove", what, r)
		} else {
			*things = slices.Delete(*things, j, j+1)
			a.shift(list, j, len(*things))
		}
	}
	for i := range add {
		path := fmt.Sprintf("%s.add[%d]", list, i)
		if find(id(&add[i])) >= 0 {
			a.fail(path, "put it under replace, or give it another id", "there is a %s %s already", what, id(&add[i]))
			continue
		}
		*things = append(*things, add[i])
		a.move(fmt.Sprintf("%s[%d]", list, len(*things)-1), path)
	}
}

// drop forgets the positions below a path.
func (a *applier) drop(path string) map[string]Position {
	gone := make(map[string]Position)
	for k, v := range a.p.positions {
		if k == path || strings.HasPrefix(k, path+".") || strings.HasPrefix(k, path+"[") {
			gone[k[len(path):]] = v
			delete(a.p.positions, k)
		}
	}
	return gone
}

// move takes the positions from the change file.
func (a *applier) move(to, from string) {
	a.drop(to)
	for k, v := range a.from {
		if k == from || strings.HasPrefix(k, from+".") || strings.HasPrefix(k, from+"[") {
			a.p.positions[to+k[len(from):]] = v
		}
	}
}

// shift moves the positions after a removed entry down by one.
func (a *applier) shift(list string, removed, n int) {
	a.drop(fmt.Sprintf("%s[%d]", list, removed))
	for i := removed; i < n; i++ {
		for k, v := range a.drop(fmt.Sprintf("%s[%d]", list, i+1)) {
			a.p.positions[fmt.Sprintf("%s[%d]", list, i)+k] = v
		}
	}
}

// Same tells whether two values of the model say the same.
func Same[T any](a, b T) bool { return flow(reflect.ValueOf(a)) == flow(reflect.ValueOf(b)) }
