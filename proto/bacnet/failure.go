package bacnet

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// errorClasses are those of clause 18.
var errorClasses = [...]string{"device", "object", "property", "resources", "security", "services", "vt", "communication"}

// errorCodes are the error codes (clause 21, BACnet Error) by number.
var errorCodes = func() (t [256]string) {
	for start, names := range map[int]string{
		0: `other authentication-failed configuration-in-progress device-busy dynamic-creation-not-supported
			file-access-denied incompatible-security-levels inconsistent-parameters
			inconsistent-selection-criterion invalid-data-type invalid-file-access-method
			invalid-file-start-position invalid-operator-name invalid-parameter-data-type
			invalid-time-stamp key-generation-error missing-required-parameter
			no-objects-of-specified-type no-space-for-object no-space-to-add-list-element
			no-space-to-write-property no-vt-sessions-available property-is-not-a-list
			object-deletion-not-permitted object-identifier-already-exists operational-problem
			password-failure read-access-denied security-not-supported service-request-denied
			timeout unknown-object unknown-property - unknown-vt-class unknown-vt-session
			unsupported-object-type value-out-of-range vt-session-already-closed
			vt-session-termination-failure write-access-denied character-set-not-supported
			invalid-array-index cov-subscription-failed not-cov-property
			optional-functionality-not-supported invalid-configuration-data
			datatype-not-supported duplicate-name duplicate-object-id property-is-not-an-array
			abort-buffer-overflow abort-invalid-apdu-in-this-state
			abort-preempted-by-higher-priority-task abort-segmentation-not-supported
			abort-proprietary abort-other invalid-tag network-down reject-buffer-overflow
			reject-inconsistent-parameters reject-invalid-parameter-data-type reject-invalid-tag
			reject-missing-required-parameter reject-parameter-out-of-range
			reject-too-many-arguments reject-undefined-enumeration reject-unrecognized-service
			reject-proprietary reject-other unknown-device unknown-route
			value-not-initialized invalid-event-state no-alarm-configured log-buffer-full
			logged-value-purged no-property-specified not-configured-for-triggered-logging
			unknown-subscription parameter-out-of-range list-element-not-found busy
			communication-disabled success access-denied bad-destination-address
			bad-destination-device-id bad-signature bad-source-address bad-timestamp
			cannot-use-key cannot-verify-message-id correct-key-revision
			destination-device-id-required duplicate-message encryption-not-configured
			encryption-required incorrect-key invalid-key-data key-update-in-progress
			malformed-message not-key-server security-not-configured source-security-required
			too-many-keys unknown-authentication-type unknown-key unknown-key-revision
			unknown-source-message not-router-to-dnet router-busy unknown-network-message
			message-too-long security-error addressing-error write-bdt-failed read-bdt-failed
			register-foreign-device-failed read-fdt-failed delete-fdt-entry-failed
			distribute-broadcast-failed unknown-file-size abort-apdu-too-long
			abort-application-exceeded-reply-time abort-out-of-resources abort-tsm-timeout
			abort-window-size-out-of-range file-full inconsistent-configuration
			inconsistent-object-type internal-error not-configured out-of-memory value-too-long
			abort-insufficient-security abort-security-error duplicate-entry invalid-value-in-this-state
			invalid-operation-in-this-state list-item-not-numbered list-item-not-timestamped
			invalid-data-encoding`,
	} {
		for i, n := range strings.Fields(names) {
			if n != "-" {
				t[start+i] = n
			}
		}
	}
	return t
}()

// errorTexts joins class and code once, so that no text is made per message.
var errorTexts = func() (t [len(errorClasses)][256]string) {
	for class, c := range errorClasses {
		for code, s := range errorCodes {
			if s == "" {
				s = "error code that the standard does not name"
			}
			t[class][code] = c + ": " + s
		}
	}
	return t
}()

// errorText reads the error of an Error PDU (20.1.7): class and code, with
// some services inside a context tag.
func errorText(r wire.Reader) string {
	var n [2]uint64
	for i := 0; i < len(n); {
		t, ok := readTag(&r)
		if !ok {
			return "error"
		}
		if v, ok := unsigned(t.content); ok && t.app(tagEnumerated) {
			n[i] = v
			i++
		}
	}
	if n[0] < uint64(len(errorTexts)) && n[1] < 256 {
		return errorTexts[n[0]][n[1]]
	}
	return "proprietary error"
}

var rejectReasons = [...]string{
	"other", "buffer-overflow", "inconsistent-parameters", "invalid-parameter-data-type", "invalid-tag",
	"missing-required-parameter", "parameter-out-of-range", "too-many-arguments",
	"undefined-enumeration", "unrecognized-service",
}

var abortReasons = [...]string{
	"other", "buffer-overflow", "invalid-apdu-in-this-state", "preempted-by-higher-priority-task",
	"segmentation-not-supported", "security-error", "insufficient-security",
	"window-size-out-of-range", "application-exceeded-reply-time", "out-of-resources",
	"tsm-timeout", "apdu-too-long",
}

func reason(table []string, n uint8) string {
	if int(n) < len(table) {
		return table[n]
	}
	if n < 64 {
		return "reserved reason"
	}
	return "proprietary reason"
}
