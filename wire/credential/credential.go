// Package credential judges user names and passwords that crossed the wire in
// clear: whether they are ones that a maker delivers and manuals print. The
// words themselves never leave the dissector that asks.
package credential

import "bytes"

// The words for how a password was seen.
const (
	InClear = "in clear"
	Factory = "default credentials in clear"
	Empty   = "empty"
)

// defaults are pairs that makers of automation and network devices print in
// their manuals. User names are compared without case, passwords with.
var defaults = [...][2]string{
	{"admin", "admin"}, {"admin", "password"}, {"admin", "1234"}, {"admin", "12345"}, {"admin", "123456"},
	{"admin", "default"}, {"admin", "private"}, {"admin", "moxa"}, {"admin", "wago"}, {"admin", "admin123"},
	{"admin", "changeme"}, {"admin", "hirschmann"}, {"admin", "Admin"}, {"admin", "root"}, {"admin", "system"},
	{"administrator", "administrator"}, {"administrator", "password"}, {"administrator", "100"}, {"administrator", "Gateway"},
	{"anonymous", "anonymous"}, {"apc", "apc"}, {"cisco", "cisco"}, {"default", "default"}, {"engineer", "engineer"},
	{"ftp", "ftp"}, {"ftpuser", "ftpuser"}, {"guest", "guest"}, {"loader", "fwdownload"}, {"manager", "manager"},
	{"operator", "operator"}, {"pi", "raspberry"}, {"qnxuser", "qnxuser"}, {"root", "root"}, {"root", "wago"},
	{"root", "admin"}, {"root", "password"}, {"root", "toor"}, {"root", "12345"}, {"root", "default"}, {"service", "service"},
	{"superuser", "superuser"}, {"support", "support"}, {"sysdiag", "factorycast@schneider"}, {"tech", "tech"},
	{"test", "test"}, {"ubnt", "ubnt"}, {"user", "user"}, {"user", "public"}, {"user", "wago"}, {"user", "password"},
	{"wago", "wago"}, {"webserver", "webserver"}, {"fwupgrade", "blender"}, {"nic2212", "poiuypoiuy"}, {"user", "00000000"},
}

// Word says how the password was seen: InClear, Factory or Empty.
func Word(user, password []byte) string {
	if len(password) == 0 {
		return Empty
	}
	for i := range defaults {
		d := &defaults[i]
		if len(d[1]) == len(password) && string(password) == d[1] && len(d[0]) == len(user) && bytes.EqualFold(user, []byte(d[0])) {
			return Factory
		}
	}
	return InClear
}
