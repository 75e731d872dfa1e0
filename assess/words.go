package assess

import (
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Controls tells whether the role acts on the process or measures it.
func Controls(role string) bool {
	return slices.Contains([]string{"plc", "rtu", "safety-controller", "remote-io", "drive", "protection-relay", "building-controller", "robot", "cnc", "meter", "sensor"}, role)
}

// Programmable tells whether devices of the role have a program of the plant's
// own, which is worth a backup.
func Programmable(role string) bool {
	return slices.Contains([]string{"plc", "rtu", "safety-controller", "protection-relay", "building-controller", "robot", "cnc"}, role)
}

// MayWrite tells whether writing to controllers is part of the role.
func MayWrite(role string) bool {
	return Controls(role) || slices.Contains([]string{"engineering-station", "hmi", "scada-server", "opc-server", "gateway"}, role)
}

// Person tells whether a person sits at hosts of the role.
func Person(role string) bool {
	return slices.Contains([]string{"engineering-station", "hmi", "workstation"}, role)
}

// Changes tells whether operations of the class change what a device does.
func Changes(c fact.Class) bool {
	return c == fact.Write || Engineers(c)
}

// Engineers tells whether operations of the class belong to engineering: they
// change program, firmware, settings or state.
func Engineers(c fact.Class) bool {
	return c == fact.Control || c == fact.Program || c == fact.Firmware || c == fact.Configure
}

// Done tells whether an operation was asked for and not refused throughout.
func Done(requests, errors uint64) bool { return requests > 0 && errors < requests }

// Remote tells whether people work on another host by the protocol.
func Remote(protocol string) bool {
	return slices.Contains([]string{"rdp", "vnc", "ssh", "telnet"}, protocol)
}

// remoteNames are parts of the names that remote maintenance tools and VPN
// services call, in lower case.
var remoteNames = []string{
	"teamviewer", "anydesk", "logmein", "gotoassist", "screenconnect", "connectwise", "splashtop", "rustdesk", "bomgar",
	"beyondtrust", "ewon", "talk2m", "ixon", "secomea", "tosibox", "mguard", "dameware", "radmin", "zerotier", "tailscale", "wireguard", "openvpn",
}

// RemoteTool names the remote maintenance tool that a name belongs to, or "".
func RemoteTool(name string) string { return within(name, remoteNames) }

// messageNames are parts of the names of mail, chat and social services.
var messageNames = []string{
	"outlook.", "office365", "mail.", "smtp.", "imap.", "pop3.", "gmail", "yahoo", "gmx.", "teams.", "slack", "whatsapp", "telegram",
	"discord", "facebook", "instagram", "linkedin", "twitter", "tiktok", "zoom.", "webex", "skype", "signal.org", "wechat",
}

// Messenger names the mail, chat or social service that a name belongs to, or "".
func Messenger(name string) string { return within(name, messageNames) }

func within(name string, parts []string) string {
	name = strings.ToLower(name)
	for _, p := range parts {
		if strings.Contains(name, p) {
			return strings.Trim(p, ".")
		}
	}
	return ""
}

// Protection is how a conversation is protected on the way.
type Protection struct {
	Known     bool
	Signed    bool // changes would be noticed
	Encrypted bool
	Weak      string // why the protection is not what one would choose today
	How       string // as agreed
}

// clear are protocols whose messages are neither signed nor encrypted, unless
// a session fact says otherwise.
var clear = []string{
	"telnet", "ftp", "ftpdata", "tftp", "http", "modbus", "s7comm", "enip", "cip", "cipio", "dnp3", "iec104", "bacnet", "mms", "goose", "sv",
	"pnio", "pnrt", "mqtt", "snmp", "syslog", "vnc", "ntp", "dns", "opcua", "ldap", "umas", "fins", "melsec", "slmp", "ads", "ams", "codesys", "postgres",
}

// Protected concludes how a conversation is protected.
func (t *Talk) Protected() Protection {
	var said []string
	for _, s := range t.Session {
		if s.Attr == fact.SessionSecurity {
			said = append(said, s.Value)
		}
	}
	how := strings.Join(said, ", ")
	has := func(x string) bool { return strings.Contains(how, x) }
	p := Protection{How: how}
	switch t.Protocol {
	case "tls", "ssh", "dtls", "quic", "ipsec", "wireguard":
		p = Protection{Known: true, Signed: true, Encrypted: true, How: how}
		if has("SSL") || has("TLS 1.0") || has("TLS 1.1") || has("SSH 1") {
			p.Weak = "outdated: " + how
		}
	case "opcua":
		if how != "" {
			none := slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, "None") })
			p.Known, p.Signed, p.Encrypted = true, !none && has("Sign"), !none && has("Encrypt")
			if has("Basic128Rsa15") || strings.Contains(how+" ", "Basic256 ") {
				p.Weak = "outdated: " + how
			}
		}
	case "snmp":
		if how != "" {
			clear := has("None") || has("noAuth")
			p.Known, p.Signed, p.Encrypted = true, !clear && has("uth"), !clear && has("Priv") && !has("NoPriv")
		}
	case "smb":
		p.Known, p.Encrypted = how != "", has("encrypt") && !has("not encrypt")
		p.Signed = p.Encrypted || has("signing required")
	case "rdp":
		p.Known = how != ""
		p.Signed = has("TLS") || has("CredSSP")
		p.Encrypted = p.Signed
	case "s7commplus":
		p.Known, p.Encrypted = how != "", has("TLS")
		p.Signed = p.Encrypted || has("integrity")
	default:
		if slices.Contains(clear, t.Protocol) {
			p.Known = true
			p.Signed, p.Encrypted = has("TLS") || has("signed"), has("TLS")
		}
	}
	return p
}
