package html

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/report"
)

// hostile is a device name that tries what packets could try.
const hostile = `</script><img src=x onerror="document.title='taken'"><!--<script>document.title='taken'</script>` + "\u202e\u2028'\"`${1}"

const start = report.Time(1_700_000_000_123_456_789)

// sample is the analysis of a plant of n assets: a server and engineering
// stations at the top, HMIs, and controllers, in several subnets.
func sample(n int) *report.Analysis {
	a := &report.Analysis{
		Schema: report.Schema,
		Capture: report.Capture{
			Sources: []report.Source{{Name: "plant <a>.pcap", Format: "pcap", LinkType: "Ethernet", Packets: 12345, Bytes: 6_789_000, First: start, Last: start + 3600e9}},
			Quality: report.Quality{Verdict: "fair", Reasons: []string{"3 places where TCP data is missing"}, LostSegments: 3, LostBytes: 999},
		},
		Omitted: []string{"zones and conduits: not proposed by this version"},
	}
	for i := range n {
		a.Assets = append(a.Assets, sampleAsset(i, n))
	}
	for i := 1; i < n; i++ {
		a.Conversations = append(a.Conversations, sampleConversation(a, i/10, i))
	}
	if n > 0 {
		a.Conversations = append(a.Conversations, report.Conversation{
			Client: report.End{Asset: asset.ID(a.Assets[0].ID), IP: a.Assets[0].Interfaces[0].IPs[0]}, Server: report.End{IP: "239.1.2.3", Group: true},
			Transport: "udp", Protocol: "igmp", Recognised: true, Packets: 4, Bytes: 400, First: start, Last: start + 1e9, Frame: 9,
		}, report.Conversation{
			Client: report.End{Asset: asset.ID(a.Assets[0].ID), IP: a.Assets[0].Interfaces[0].IPs[0]}, Server: report.End{Asset: asset.Internet, IP: "203.0.113.9"},
			Transport: "tcp", Protocol: "tls", Recognised: true, Packets: 40, Bytes: 4000, First: start, Last: start + 1e9, Frame: 19,
		})
		a.External = []report.External{{IP: "203.0.113.9", Names: []string{"cloud.example"}, Packets: 40, Bytes: 4000, FirstSeen: start, LastSeen: start + 1e9, Frame: 19}}
		a.Findings = []report.Finding{
			{ID: "program-1", Check: "program", Title: "A station touched the program of a device", Severity: "high", Assets: []string{a.Assets[0].ID}, Text: hostile + " downloaded a block", Frames: []uint64{7, 8, 7}},
			{ID: "port-2", Check: "port", Title: "A protocol on the port of another", Severity: "medium", Assets: []string{a.Assets[n-1].ID}, Text: "modbus on port 80", Frames: []uint64{11}},
		}
	}
	a.Protocols = []report.Protocol{
		{Protocol: "modbus", Title: "Modbus/TCP", Packets: 1000, Messages: 900, Bytes: 80000},
		{Protocol: "tls", Title: "Transport Layer Security", Packets: 40, Bytes: 4000, Malformed: 1},
	}
	return a
}

func sampleAsset(i, n int) report.Asset {
	role, level := "plc", 1.0
	switch {
	case i == 0:
		role, level = "scada-server", 3
	case i < n/20+2:
		role, level = "hmi", 2
	case i%7 == 0:
		role, level = "remote-io", 0
	case i%11 == 0:
		role, level = "unknown", -1
	}
	ip := fmt.Sprintf("10.1.%d.%d", i/200, i%200+1)
	mac := fmt.Sprintf("00:0e:8c:00:%02x:%02x", i>>8, i&255)
	x := report.Asset{
		ID: ip, Name: fmt.Sprintf("%s-%d", role, i), Interfaces: []report.Interface{{MAC: mac, IPs: []string{ip}}},
		Role: report.Role{Value: role, Confidence: 90, Why: "it behaves like one"},
		Attributes: map[fact.Attr][]report.Value{
			fact.Vendor: {{Value: "Siemens", Source: "IEEE registry", Confidence: 60, First: start, Last: start, Frame: 1, Count: 5}},
			fact.Model:  {{Value: "S7-1500", Source: "LLDP system description", Confidence: 100, First: start, Last: start, Frame: 2, Count: 1}},
		},
		Protocols: []report.Use{{Protocol: "modbus", As: "server"}}, FirstSeen: start, LastSeen: start + 9e9, Frame: 1, Packets: uint64(100 + i), Bytes: 9999,
	}
	if level >= 0 {
		x.PurdueLevel = &level
	}
	if i == 0 {
		x.Name = hostile
		x.Parts = []report.Part{{Name: "slot 2", Attributes: x.Attributes}}
		x.Conflicts = []report.Conflict{{Text: "two devices use " + ip, Frames: []uint64{3}}}
	}
	return x
}

func sampleConversation(a *report.Analysis, client, server int) report.Conversation {
	port, unit, first := uint16(502), uint32(1), uint64(100)
	ops := []report.Operation{{
		Code: "3", Function: "read holding registers", Class: "read", Object: "holding registers", Requests: 500, Responses: 500,
		Cycle: &report.Cycle{Period: 1, Jitter: .002, Min: .99, Max: 1.01}, First: start, Last: start + 9e9, Frame: 5,
		Targets: []report.Target{{Text: "unit 1, 100 to 109", Unit: &unit, First: &first, Count: 10, Times: 500, Value: "17", Changes: 4, Frame: 5}},
	}}
	if server%5 == 0 {
		ops = append(ops, report.Operation{Code: "6", Function: "write single register", Class: "write", Requests: 3, Responses: 3, Errors: 1, Status: "illegal data address", First: start, Last: start, Frame: 6})
	}
	if server%17 == 0 {
		ops = append(ops, report.Operation{Code: "8", Function: "restart communications", Class: "control", Requests: 1, First: start, Last: start, Frame: 7})
	}
	end := func(i int) report.End {
		return report.End{Asset: asset.ID(a.Assets[i].ID), IP: a.Assets[i].Interfaces[0].IPs[0], MAC: a.Assets[i].Interfaces[0].MAC}
	}
	return report.Conversation{
		Client: end(client), Server: end(server), Transport: "tcp", ServerPort: &port, Protocol: "modbus", Recognised: true, ClientCertain: true,
		Packets: uint64(1000 + server), Bytes: uint64(1000 * (server + 1)), Flows: 1, Messages: 1000, First: start, Last: start + 9e9, Frame: 4, Operations: ops,
	}
}
