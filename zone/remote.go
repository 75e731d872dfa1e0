package zone

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
)

// Remote is a way by which somebody works on the plant, or reaches into it,
// from elsewhere.
type Remote struct {
	Kind          string // "VPN", "remote desktop", ...
	Tool          string // protocol or product
	Judgement     int    // index in Check.Judgements; -1 for a device
	Asset         asset.ID
	Name          string
	Outside       bool // one end is outside the plant
	Conversations int
	Packets       uint64
	fact.Seen
	Why string
}

// tool is a way in, by what gives it away.
type tool struct {
	kind, name string
	transport  string
	ports      [][2]uint16
	protocol   string // recognised, whatever the port
	number     uint32 // of the IP protocol
}

// tools are known ways in. Ports are those that IANA has registered or the
// maker documents.
var tools = []tool{
	{kind: "remote desktop", name: "RDP", protocol: "rdp", transport: "tcp", ports: [][2]uint16{{3389, 3389}}},
	{kind: "remote desktop", name: "VNC", protocol: "vnc", transport: "tcp", ports: [][2]uint16{{5800, 5806}, {5900, 5906}}},
	{kind: "remote shell", name: "SSH", protocol: "ssh", transport: "tcp", ports: [][2]uint16{{22, 22}}},
	{kind: "remote shell", name: "Telnet", protocol: "telnet", transport: "tcp", ports: [][2]uint16{{23, 23}}},
	{kind: "remote shell", name: "WinRM", transport: "tcp", ports: [][2]uint16{{5985, 5986}}},
	{kind: "remote desktop", name: "X11", transport: "tcp", ports: [][2]uint16{{6000, 6005}}},
	{kind: "remote tool", name: "TeamViewer", transport: "tcp", ports: [][2]uint16{{5938, 5938}}},
	{kind: "remote tool", name: "TeamViewer", transport: "udp", ports: [][2]uint16{{5938, 5938}}},
	{kind: "remote tool", name: "AnyDesk", transport: "tcp", ports: [][2]uint16{{6568, 6568}, {7070, 7070}}},
	{kind: "remote tool", name: "Radmin", transport: "tcp", ports: [][2]uint16{{4899, 4899}}},
	{kind: "remote tool", name: "DameWare", transport: "tcp", ports: [][2]uint16{{6129, 6129}}},
	{kind: "remote tool", name: "RustDesk", transport: "tcp", ports: [][2]uint16{{21115, 21119}}},
	{kind: "VPN", name: "OpenVPN", transport: "udp", ports: [][2]uint16{{1194, 1194}}},
	{kind: "VPN", name: "OpenVPN", transport: "tcp", ports: [][2]uint16{{1194, 1194}}},
	{kind: "VPN", name: "IPsec", transport: "udp", ports: [][2]uint16{{500, 500}, {4500, 4500}}},
	{kind: "VPN", name: "IPsec (ESP)", transport: "ip", number: 50},
	{kind: "VPN", name: "GRE", transport: "ip", number: 47},
	{kind: "VPN", name: "WireGuard", transport: "udp", ports: [][2]uint16{{51820, 51820}}},
	{kind: "VPN", name: "Tailscale", transport: "udp", ports: [][2]uint16{{41641, 41641}}},
	{kind: "VPN", name: "ZeroTier", transport: "udp", ports: [][2]uint16{{9993, 9993}}},
	{kind: "VPN", name: "L2TP", transport: "udp", ports: [][2]uint16{{1701, 1701}}},
	{kind: "VPN", name: "PPTP", transport: "tcp", ports: [][2]uint16{{1723, 1723}}},
}

// names are parts of server names and of makers' or products' names that give
// a remote-access service away.
var names = []struct{ part, kind, name string }{
	{"teamviewer", "remote tool", "TeamViewer"}, {"anydesk", "remote tool", "AnyDesk"}, {"logmein", "remote tool", "LogMeIn"},
	{"gotomypc", "remote tool", "GoToMyPC"}, {"screenconnect", "remote tool", "ScreenConnect"}, {"splashtop", "remote tool", "Splashtop"},
	{"rustdesk", "remote tool", "RustDesk"}, {"remotedesktop.google", "remote tool", "Chrome Remote Desktop"},
	{"talk2m", "vendor access", "Talk2M"}, {"ewon", "vendor access", "eWON"}, {"secomea", "vendor access", "Secomea"},
	{"sitemanager", "vendor access", "Secomea SiteManager"}, {"tosibox", "vendor access", "Tosibox"}, {"mbconnect", "vendor access", "MB connect line"},
	{"mbnet", "vendor access", "MB connect line"}, {"ixon", "vendor access", "IXON"}, {"sinema", "vendor access", "SINEMA Remote Connect"},
	{"netbiter", "vendor access", "Netbiter"}, {"mguard", "vendor access", "mGuard"}, {"oncell", "cellular router", "Moxa OnCell"},
	{"teltonika", "cellular router", "Teltonika"}, {"sierra wireless", "cellular router", "Sierra Wireless"}, {"insys", "cellular router", "INSYS"},
	{"tailscale", "VPN", "Tailscale"}, {"zerotier", "VPN", "ZeroTier"}, {"ngrok", "tunnel", "ngrok"},
}

// toolOf recognises a way in by protocol, port or the name asked for.
func toolOf(c *flow.Conversation) (kind, name string) {
	for i := range tools {
		t := &tools[i]
		if t.protocol != "" && c.Protocol == t.protocol {
			return t.kind, t.name
		}
		if c.Protocol != "" || t.transport != c.Transport || c.Packets[1] == 0 {
			continue
		}
		if t.number != 0 && t.number == c.Number {
			return t.kind, t.name
		}
		for _, p := range t.ports {
			if p[0] <= c.Port && c.Port <= p[1] && c.Port != 0 {
				return t.kind, t.name + " (by its port)"
			}
		}
	}
	for _, s := range c.Session {
		if s.Attr == fact.SessionSNI || s.Attr == fact.SessionEndpoint {
			if k, n := named(s.Value); k != "" {
				return k, n
			}
		}
	}
	return "", ""
}

func named(s string) (kind, name string) {
	s = strings.ToLower(s)
	for _, n := range names {
		if strings.Contains(s, n.part) {
			return n.kind, n.name
		}
	}
	return "", ""
}

// deviceOf recognises boxes that are made for remote access.
func deviceOf(a *asset.Asset) (kind, name string) {
	for _, k := range [...]fact.Attr{fact.Vendor, fact.Model, fact.DeviceName, fact.Hostname, fact.Description} {
		if v := a.Attributes[k]; len(v) > 0 && v[0].Confidence >= 50 {
			if k, n := named(v[0].Value); k == "vendor access" || k == "cellular router" {
				return k, n
			}
		}
	}
	return "", ""
}

// remotePaths lists the ways in, those from outside first.
func remotePaths(m *Map, vs []Judgement) []Remote {
	var list []Remote
	for i := range vs {
		v := &vs[i]
		kind, name := toolOf(v.Conversation)
		if kind == "" || v.Server.Kind == Group || !answered(v.Conversation) {
			continue
		}
		c := v.Conversation
		r := Remote{Kind: kind, Tool: name, Judgement: i, Conversations: 1, Packets: c.Packets[0] + c.Packets[1], Seen: c.Seen}
		r.Outside = v.Client.Kind == External || v.Server.Kind == External
		r.Why = fmt.Sprintf("%s in %s to %s in %s", m.Name(&v.Client), where(m, &v.Client), m.Name(&v.Server), where(m, &v.Server))
		list = append(list, r)
	}
	for _, a := range m.Inv.Assets {
		if kind, name := deviceOf(a); kind != "" {
			list = append(list, Remote{Kind: kind, Tool: name, Judgement: -1, Asset: a.ID, Name: a.Name(), Packets: a.Packets, Seen: a.Seen, Why: a.Name() + " is made for access from elsewhere"})
		}
	}
	slices.SortStableFunc(list, func(a, b Remote) int {
		return cmp.Or(-cmp.Compare(bit(a.Outside), bit(b.Outside)), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Tool, b.Tool))
	})
	return list
}

func where(m *Map, s *Side) string {
	switch {
	case s.Zone != none:
		return string(m.ID(s.Zone))
	case s.Kind == External:
		return "the outside"
	}
	return "no zone"
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
