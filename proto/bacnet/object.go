package bacnet

// objectTypes are the object types (clause 21, BACnetObjectType).
var objectTypes = [...]string{
	"analog-input", "analog-output", "analog-value", "binary-input", "binary-output",
	"binary-value", "calendar", "command", "device", "event-enrollment", "file", "group", "loop",
	"multi-state-input", "multi-state-output", "notification-class", "program", "schedule",
	"averaging", "multi-state-value", "trend-log", "life-safety-point", "life-safety-zone",
	"accumulator", "pulse-converter", "event-log", "global-group", "trend-log-multiple",
	"load-control", "structured-view", "access-door", "timer", "access-credential", "access-point",
	"access-rights", "access-user", "access-zone", "credential-data-input", "network-security",
	"bitstring-value", "characterstring-value", "date-pattern-value", "date-value",
	"datetime-pattern-value", "datetime-value", "integer-value", "large-analog-value",
	"octetstring-value", "positive-integer-value", "time-pattern-value", "time-value",
	"notification-forwarder", "alert-enrollment", "channel", "lighting-output",
	"binary-lighting-output", "network-port", "elevator-group", "escalator", "lift", "staging",
	"audit-log", "audit-reporter", "color", "color-temperature",
}

// Object types that decide what an operation does.
const (
	typeCalendar    = 6
	typeDevice      = 8
	typeFile        = 10
	typeProgram     = 16
	typeNetworkSec  = 38
	typeNetworkPort = 56
	typeProprietary = 128 // and above: the maker's own
	noInstance      = 4194303
)

// objectKey is the object type as the few values that functions are told
// apart by: 0 none, type+1, or one number for each class of unknown types.
func objectKey(objType uint16) uint64 {
	switch {
	case int(objType) < len(objectTypes):
		return uint64(objType) + 1
	case objType < typeProprietary:
		return reservedKey
	}
	return proprietaryKey
}

const (
	reservedKey    = 254
	proprietaryKey = 255
)

func objectText(key uint8) string {
	switch {
	case key == 0:
		return ""
	case key == proprietaryKey:
		return "proprietary object"
	case int(key) <= len(objectTypes):
		return objectTypes[key-1]
	}
	return "reserved object type"
}
