package ssdp

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// identify reads what a device says of itself.
func (s *session) identify(c *proto.Context, b, kind []byte) {
	if server := header(b, "server"); wire.Plain(server) && !s.seen.Seen(1, server) {
		c.SayBytes(fact.Sender, fact.Software, server, "SSDP server header", 80)
		system(c, server)
	}
	if location := header(b, "location"); wire.Plain(location) && !s.seen.Seen(2, location) {
		c.SayBytes(fact.Sender, fact.Service, location, "SSDP location", 80)
	}
	if !s.seen.Seen(3, kind) {
		device(c, kind)
	}
	// Philips and others name their product in headers of their own; UPnP 2.0
	// searchers send CPFN.UPNP.ORG as a friendly name.
	if friendly := header(b, "cpfn.upnp.org"); wire.Plain(friendly) && !s.seen.Seen(4, friendly) {
		c.SayBytes(fact.Sender, fact.DeviceName, friendly, "SSDP friendly name", 70)
	}
}

// agent reads what a searcher says of itself.
func (s *session) agent(c *proto.Context, b []byte) {
	if agent := header(b, "user-agent"); wire.Plain(agent) && !s.seen.Seen(5, agent) {
		c.SayBytes(fact.Sender, fact.Software, agent, "SSDP user agent", 60)
	}
}

// systems are beginnings of a server header that name an operating system.
var systems = []struct{ prefix, value string }{
	{"Microsoft-Windows/10.0", "Windows 10 or later"},
	{"Microsoft-Windows/6.3", "Windows 8.1 or Server 2012 R2"}, {"Microsoft-Windows/6.2", "Windows 8 or Server 2012"},
	{"Microsoft-Windows/6.1", "Windows 7 or Server 2008 R2"}, {"Microsoft-Windows/6.0", "Windows Vista or Server 2008"},
	{"Microsoft-Windows-NT/5.1", "Windows XP"},
	{"VxWorks", "VxWorks"}, {"FreeBSD", "FreeBSD"},
}

func system(c *proto.Context, server []byte) {
	for i := range systems {
		if bytes.HasPrefix(server, []byte(systems[i].prefix)) {
			c.Say(fact.Sender, fact.OS, systems[i].value, "SSDP server header", 75)
			return
		}
	}
	if bytes.HasPrefix(server, []byte("Linux")) {
		os, _, _ := bytes.Cut(server, []byte{' '})
		c.SayBytes(fact.Sender, fact.OS, bytes.TrimRight(os, ","), "SSDP server header", 70)
	}
}

// roles are device types of the UPnP Forum that say what a device is.
var roles = []struct{ device, role string }{
	{":device:InternetGatewayDevice:", "router"}, {":device:WLANAccessPointDevice:", "access-point"},
	{":device:Printer:", "printer"}, {":device:DigitalSecurityCamera:", "camera"},
	{":device:HVAC_System:", "building-controller"},
}

// device reads a notification or search type such as
// urn:schemas-upnp-org:device:Basic:1.
func device(c *proto.Context, kind []byte) {
	if !bytes.HasPrefix(kind, []byte("urn:")) || !bytes.Contains(kind, []byte(":device:")) || !wire.Plain(kind) {
		return
	}
	c.SayBytes(fact.Sender, fact.DeviceType, kind, "SSDP device type", 80)
	for i := range roles {
		if bytes.Contains(kind, []byte(roles[i].device)) {
			c.Say(fact.Sender, fact.RoleHint, roles[i].role, "SSDP device type", 60)
		}
	}
}
