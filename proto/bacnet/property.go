package bacnet

import "strings"

// propertyNames are the names of properties (clause 21, BACnetPropertyIdentifier)
// by number, ready to be pointed to.
var propertyNames = func() [512][]byte {
	var t [512][]byte
	for start, names := range map[int]string{
		0: `acked-transitions ack-required action action-text active-text active-vt-sessions alarm-value
			alarm-values all all-writes-successful apdu-segment-timeout apdu-timeout
			application-software-version archive bias change-of-state-count change-of-state-time
			notification-class - controlled-variable-reference controlled-variable-units
			controlled-variable-value cov-increment date-list daylight-savings-status deadband
			derivative-constant derivative-constant-units description description-of-halt
			device-address-binding device-type effective-period elapsed-active-time error-limit
			event-enable event-state event-type exception-schedule fault-values feedback-value
			file-access-method file-size file-type firmware-revision high-limit inactive-text
			in-process instance-of integral-constant integral-constant-units - limit-enable
			list-of-group-members list-of-object-property-references - local-date local-time
			location low-limit manipulated-variable-reference maximum-output max-apdu-length-accepted
			max-info-frames max-master max-pres-value minimum-off-time minimum-on-time
			minimum-output min-pres-value model-name modification-date notify-type
			number-of-apdu-retries number-of-states object-identifier object-list object-name
			object-property-reference object-type optional out-of-service output-units
			event-parameters polarity present-value priority priority-array
			priority-for-writing process-identifier program-change program-location
			program-state proportional-constant proportional-constant-units -
			protocol-object-types-supported protocol-services-supported protocol-version
			read-only reason-for-halt recipient recipient-list reliability
			relinquish-default required resolution segmentation-supported setpoint
			setpoint-reference state-text status-flags system-status time-delay
			time-of-active-time-reset time-of-state-count-reset time-synchronization-recipients
			units update-interval utc-offset vendor-identifier vendor-name vt-classes-supported
			weekly-schedule attempted-samples average-value buffer-size client-cov-increment
			cov-resubscription-interval - event-time-stamps log-buffer log-device-object-property
			enable log-interval maximum-value minimum-value notification-threshold -
			protocol-revision records-since-notification record-count start-time stop-time
			stop-when-full total-record-count valid-samples window-interval window-samples
			maximum-value-timestamp minimum-value-timestamp variance-value active-cov-subscriptions
			backup-failure-timeout configuration-files database-revision direct-reading
			last-restore-time maintenance-required member-of mode operation-expected setting
			silenced tracking-value zone-members life-safety-alarm-values max-segments-accepted
			profile-name auto-slave-discovery manual-slave-address-binding slave-address-binding
			slave-proxy-enable last-notify-record schedule-default accepted-modes adjust-value
			count count-before-change count-change-time cov-period input-reference
			limit-monitoring-interval logging-object logging-record prescale pulse-rate scale
			scale-factor update-time value-before-change value-set value-change-time
			align-intervals - interval-offset last-restart-reason logging-type`,
		202: `restart-notification-recipients time-of-device-restart time-synchronization-interval
			trigger utc-time-synchronization-recipients node-subtype node-type
			structured-object-list subordinate-annotations subordinate-list
			actual-shed-level duty-window expected-shed-level full-duty-baseline - -
			requested-shed-level shed-duration shed-level-descriptions shed-levels
			state-description - - - door-alarm-state door-extended-pulse-time door-members
			door-open-too-long-time door-pulse-time door-status door-unlock-delay-time
			lock-status masked-alarm-values secured-status`,
		244: `absentee-limit access-alarm-events access-doors access-event
			access-event-authentication-factor access-event-credential access-event-time
			access-transaction-events accompaniment accompaniment-time activation-time
			active-authentication-policy assigned-access-rights authentication-factors
			authentication-policy-list authentication-policy-names authentication-status
			authorization-mode belongs-to credential-disable credential-status credentials
			credentials-in-zone days-remaining entry-points exit-points expiration-time
			extended-time-enable failed-attempt-events failed-attempts failed-attempts-time
			last-access-event last-access-point last-credential-added last-credential-added-time
			last-credential-removed last-credential-removed-time last-use-time lockout
			lockout-relinquish-time - max-failed-attempts members muster-point
			negative-access-rules number-of-authentication-policies occupancy-count
			occupancy-count-adjust occupancy-count-enable - occupancy-lower-limit
			occupancy-lower-limit-enforced occupancy-state occupancy-upper-limit
			occupancy-upper-limit-enforced - passback-mode passback-timeout
			positive-access-rules reason-for-disable supported-formats supported-format-classes
			threat-authority threat-level trace-flag transaction-notification-class
			user-external-identifier user-information-reference`,
		338: `backup-and-restore-state backup-preparation-time restore-completion-time
			restore-preparation-time bit-mask bit-text is-utc group-members
			group-member-names member-status-flags requested-update-interval
			covu-period covu-recipients event-message-texts event-message-texts-config
			event-detection-enable event-algorithm-inhibit event-algorithm-inhibit-ref
			time-delay-normal reliability-evaluation-inhibit fault-parameters fault-type
			local-forwarding-only process-identifier-filter subscribed-recipients
			port-filter authorization-exemptions`,
		371: `property-list serial-number blink-warn-enable default-fade-time default-ramp-rate
			default-step-increment egress-time in-progress instantaneous-power
			lighting-command lighting-command-default-priority max-actual-value
			min-actual-value power transition egress-active interface-value`,
		388: `fault-high-limit fault-low-limit low-diff-limit strike-count time-of-strike-count-reset
			default-timeout initial-timeout last-state-change state-change-values timer-running
			timer-state apdu-length bacnet-ip-address bacnet-ip-default-gateway
			bacnet-ip-dhcp-enable bacnet-ip-dhcp-lease-time bacnet-ip-dhcp-lease-time-remaining
			bacnet-ip-dhcp-server bacnet-ip-dns-server bacnet-ip-global-address bacnet-ip-mode
			bacnet-ip-multicast-address bacnet-ip-nat-traversal bacnet-ip-subnet-mask
			bacnet-ip-udp-port bbmd-accept-fd-registrations bbmd-broadcast-distribution-table
			bbmd-foreign-device-table changes-pending command fd-bbmd-address
			fd-subscription-lifetime link-speed link-speeds link-speed-autonegotiate mac-address
			network-interface-name network-number network-number-quality network-type
			routing-table virtual-mac-address-table command-time-array current-command-priority
			last-command-time value-source value-source-array`,
		317: `user-name user-type uses-remaining zone-from zone-to access-event-tag global-identifier`,
		365: `allow-group-delay-inhibit channel-number control-groups execution-delay last-priority write-status`,
		497: `audit-source-reporter audit-level audit-notification-recipient audit-priority-filter
			auditable-operations delete-on-forward maximum-send-delay monitored-objects send-now
			floor-number device-uuid`,
	} {
		for i, n := range strings.Fields(names) {
			if n != "-" {
				t[start+i] = []byte(n)
			}
		}
	}
	return t
}()
