package fact

import (
	"fmt"
	"net/netip"
)

// Attr names an attribute of an asset or of a conversation.
type Attr string

// Attributes of assets.
const (
	Vendor        Attr = "vendor"         // maker of the device
	Model         Attr = "model"          // product or type name
	OrderNumber   Attr = "order_number"   // what one orders: MLFB, catalogue number, product code
	Serial        Attr = "serial"         // serial number
	FirmwareVer   Attr = "firmware"       // firmware version
	Hardware      Attr = "hardware"       // hardware version
	Hostname      Attr = "hostname"       // DNS, DHCP or NetBIOS name
	DeviceName    Attr = "device_name"    // name of station, system name, tag: given by the plant
	OS            Attr = "os"             // operating system and version
	Software      Attr = "software"       // program and version that speaks
	Location      Attr = "location"       // as the device states it
	Contact       Attr = "contact"        // as the device states it
	Description   Attr = "description"    // free text of the device
	DeviceType    Attr = "device_type"    // kind of device in the protocol's own words
	RoleHint      Attr = "role_hint"      // a role of package asset, by its name
	State         Attr = "state"          // run, stop, program, fault
	ProgramName   Attr = "program"        // name of the control program or project
	ProgramID     Attr = "program_id"     // checksum, change counter or hash of the control program
	Protection    Attr = "protection"     // protection or access level, key switch
	User          Attr = "user"           // account name seen in use on or by it
	Domain        Attr = "domain"         // Windows or DNS domain
	ClientID      Attr = "client_id"      // MQTT client id, OPC UA application URI
	InstanceID    Attr = "instance_id"    // BACnet device instance, PROFINET device id, DNP3 address, IEC 104 common address
	IPAssigned    Attr = "ip_assigned"    // address given by DHCP or DCP, or stated in ARP, LLDP, ICMPv6
	MACStated     Attr = "mac_stated"     // hardware address stated inside a protocol
	Gateway       Attr = "gateway"        // default router as the device states it
	Service       Attr = "service"        // service offered, such as "_http._tcp 80"
	Neighbour     Attr = "neighbour"      // device and port on the other end of the cable (LLDP, CDP)
	PortName      Attr = "port"           // its own port that the statement is about
	VLANName      Attr = "vlan"           // VLAN as the device states it
	Capability    Attr = "capability"     // bridge, router, WLAN access point, phone, ...
	ClockSource   Attr = "clock_source"   // time reference as NTP or PTP states it
	Certificate   Attr = "certificate"    // subject, issuer, validity, key, SHA-256 of a certificate
	SafetyRelated Attr = "safety_related" // takes part in functional safety
)

// Attributes of conversations: what a session agreed upon.
const (
	SessionUser     Attr = "session_user"     // account name
	SessionAuth     Attr = "session_auth"     // how the client proved who it is: anonymous, password, certificate, ...
	SessionPassword Attr = "session_password" // that a password crossed in clear ("in clear", "default", "empty"); never the password
	SessionSecurity Attr = "session_security" // policy and mode: "None", "Basic256Sha256 SignAndEncrypt", "TLS 1.2"
	SessionCipher   Attr = "session_cipher"   // cipher suite
	SessionVersion  Attr = "session_version"  // protocol version agreed or offered
	SessionSNI      Attr = "session_sni"      // server name that the client asked for
	SessionALPN     Attr = "session_alpn"     // application protocol agreed
	SessionJA4      Attr = "session_ja4"      // JA4 fingerprint of the client
	SessionEndpoint Attr = "session_endpoint" // URL, path, share, RPC interface, TSAP
	SessionLogin    Attr = "session_login"    // outcome: "accepted", "refused"
	SessionNote     Attr = "session_note"     // anything else that a person should know, in plain words
)

// MAC is a 48-bit hardware address.
type MAC [6]byte

// String writes the address in lower case with colons.
func (m MAC) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// MarshalText writes the address as String does.
func (m MAC) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// IsZero tells whether the address is unset.
func (m MAC) IsZero() bool { return m == MAC{} }

// Group tells whether the address is a multicast or broadcast one (IEEE 802, I/G bit).
func (m MAC) Group() bool { return m[0]&1 != 0 }

// Local tells whether the address is locally administered (IEEE 802, U/L bit).
func (m MAC) Local() bool { return m[0]&2 != 0 }

// Who is the party that an identity fact is about, seen from the message.
type Who uint8

// The parties.
const (
	Sender       Who = iota // the host that sent the message
	Receiver                // the host that it was sent to
	Conversation            // the session between the two
	Elsewhere               // the host named by MAC or IP in the Subject
)

// Subject says whom an identity fact is about. Part names a piece inside or
// behind the host: "slot 2", "unit 5", "network 3 address 0a"; "" is the host.
type Subject struct {
	Who  Who
	MAC  MAC
	IP   netip.Addr
	Part string
}

// Identity is a statement about an asset or a conversation.
type Identity struct {
	Of         Subject
	Attr       Attr
	Value      string
	Source     string // where it was read, static text: "modbus device identification", "LLDP system name"
	Confidence uint8  // 0 to 100: 100 stated by the device itself in a field made for it, 50 inferred, 20 a hint
}
