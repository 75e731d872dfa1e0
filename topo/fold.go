package topo

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// A picture of more than Crowd things is no picture. Beyond, the assets with
// most peers keep a node of their own and the others stand in clusters.
const (
	Crowd    = 400
	notables = 48
)

// folded is a node with the thing that stands for its place.
type folded struct {
	node Node
	of   *Thing
}

// fold makes the nodes; things are in their order.
func fold(things []Thing, degree map[string]int) []folded {
	list := make([]folded, 0, min(len(things), 2*Crowd))
	var hosts, groups []*Thing
	for i := range things {
		t := &things[i]
		if t.Kind == "" {
			t.Kind = Host
		}
		switch t.Kind {
		case Host:
			hosts = append(hosts, t)
		case Group:
			groups = append(groups, t)
		default:
			list = append(list, folded{single(t), t})
		}
	}
	for _, t := range groups {
		list = append(list, folded{single(t), t})
	}
	if len(hosts) <= Crowd {
		for _, t := range hosts {
			list = append(list, folded{single(t), t})
		}
		return list
	}
	own := notable(hosts, degree)
	clusters := cluster(hosts, own, func(t *Thing) string { return NetOf(t.IP, t.VLAN) })
	if len(clusters) > Crowd {
		clusters = cluster(hosts, own, func(*Thing) string { return "" })
	}
	return append(list, clusters...)
}

func single(t *Thing) Node {
	return Node{ID: t.ID, Kind: t.Kind, Name: t.Name, Address: t.Address, Role: t.Role}
}

// notable picks the hosts with most peers, which make the shape of the plant.
func notable(hosts []*Thing, degree map[string]int) map[*Thing]bool {
	by := slices.Clone(hosts)
	slices.SortStableFunc(by, func(a, b *Thing) int { return cmp.Compare(degree[b.ID], degree[a.ID]) })
	own := make(map[*Thing]bool)
	for _, t := range by[:min(len(by), notables)] {
		if degree[t.ID] > 2 {
			own[t] = true
		}
	}
	return own
}

// cluster folds the hosts of the same band, net and role.
func cluster(hosts []*Thing, own map[*Thing]bool, net func(*Thing) string) []folded {
	type key struct {
		band      int
		net, role string
	}
	members := make(map[key][]*Thing)
	var keys []key
	for _, t := range hosts {
		if own[t] {
			continue
		}
		k := key{bandOf(t), net(t), t.Role}
		if members[k] == nil {
			keys = append(keys, k)
		}
		members[k] = append(members[k], t)
	}
	var list []folded
	for _, t := range hosts {
		if own[t] {
			list = append(list, folded{single(t), t})
		}
	}
	for _, k := range keys {
		ts := members[k]
		if len(ts) == 1 {
			list = append(list, folded{single(ts[0]), ts[0]})
			continue
		}
		n := Node{Kind: Cluster, Role: k.role, Name: fmt.Sprintf("%d × %s", len(ts), cmp.Or(k.role, "unknown")), Address: k.net}
		n.ID = "cluster " + strings.Join([]string{ladder[k.band].name, k.net, k.role}, "|")
		for _, t := range ts {
			n.Members = append(n.Members, t.ID)
		}
		of := *ts[0]
		if k.net == "" {
			of.IP, of.VLAN = netip.Addr{}, 0
			n.Address = "several subnets"
		}
		list = append(list, folded{n, &of})
	}
	return list
}

// NetOf names the subnet that an address most likely belongs to: /24, or /64
// for IPv6, for captures seldom tell the mask.
func NetOf(ip netip.Addr, vlan uint16) string {
	net := "no IP address"
	switch {
	case ip.Is4():
		net = netip.PrefixFrom(ip, 24).Masked().String()
	case ip.IsLinkLocalUnicast():
		net = "link-local"
	case ip.Is6():
		net = netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
	}
	if vlan != 0 {
		return fmt.Sprintf("VLAN %d, %s", vlan, net)
	}
	return net
}
