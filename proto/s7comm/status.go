package s7comm

// returnText names the return code of one item.
func returnText(code uint8) string {
	switch code {
	case retReserved:
		return "not done"
	case 0x01:
		return "hardware error"
	case 0x03:
		return "access to the object not allowed"
	case 0x05:
		return "address out of range"
	case 0x06:
		return "data type not supported"
	case 0x07:
		return "data type inconsistent"
	case retNoObject:
		return "object does not exist"
	}
	return "item refused"
}

// statuses are the error codes of answers, in our words, by number: those of
// the header (class and code) and those of userdata. The high byte is the
// class, which classText names for the rest.
var statuses = [...]struct {
	code uint16
	text string
}{
	{0x0110, "block number wrong"},
	{0x0111, "request length wrong"},
	{0x0112, "parameter wrong"},
	{0x0113, "block type wrong"},
	{0x0114, "block not found"},
	{0x0115, "block exists already"},
	{0x0116, "block is write-protected"},
	{0x0117, "block too large"},
	{0x0118, "block number wrong"},
	{0x0119, "password wrong"},
	{0x011c, "protocol error"},
	{0x011d, "too many blocks"},
	{0x0140, "memory too small"},
	{0x0141, "resources exhausted"},
	{0x8001, "not possible in the present state of the block"},
	{0x8003, "error while transferring the block"},
	{0x8100, "service unknown"},
	{0x8104, "service not implemented"},
	{0x8204, "type of the object inconsistent"},
	{0x8205, "copied block exists already"},
	{0x8301, "memory too small"},
	{0x8302, "resources exhausted"},
	{0x8304, "no further parallel upload"},
	{0x8305, "function not available"},
	{0x8306, "work memory too small"},
	{0x8401, "service out of sequence"},
	{0x8402, "state of the object does not allow it"},
	{0x8404, "function cannot be performed"},
	{0x8500, "frame wrong"},
	{0x8503, "cancelled early"},
	{0x8701, "address wrong"},
	{0x8702, "service not supported"},
	{0x8703, "access refused"},
	{0x8704, "object damaged"},
	{0xd001, "job number wrong"},
	{0xd002, "job variant wrong"},
	{0xd003, "test function not supported"},
	{0xd004, "job status wrong"},
	{0xd041, "status list wrong"},
	{0xd061, "no memory for the job"},
	{0xd081, "not permitted in the present mode"},
	{0xd0a1, "not permitted at the present protection level"},
	{0xd0a2, "memory is being changed by another function"},
	{0xd0a4, "forcing is active already"},
	{0xd0a5, "job not found"},
	{0xd0ae, "job belongs to another connection"},
	{0xd0c2, "controller changed to stop or hold"},
	{0xd201, "block name wrong"},
	{0xd202, "function parameter wrong"},
	{0xd209, "block not found"},
	{0xd20c, "priority class of the OB missing"},
	{0xd20d, "SDB not understood"},
	{0xd20e, "no further block"},
	{0xd20f, "block too large"},
	{0xd210, "block number wrong"},
	{0xd216, "user program wrong, memory reset needed"},
	{0xd217, "protection level not permitted"},
	{0xd21b, "compression not possible"},
	{0xd231, "priority class of a loaded OB missing"},
	{0xd235, "block checksum wrong"},
	{0xd236, "block checksum missing"},
	{0xd240, "coordination rules violated"},
	{0xd241, "not permitted at the present protection level"},
	{0xd242, "protection of fail-safe blocks violated"},
	{0xd252, "firmware checksum wrong"},
	{0xd280, "block could not be compiled"},
	{0xd2a1, "another block function is active"},
	{0xd2a4, "block is in work already"},
	{0xd2c2, "download not possible"},
	{0xd401, "information not available"},
	{0xd402, "information not available"},
	{0xd403, "logged on or off already"},
	{0xd404, "no more log-ons possible"},
	{0xd405, "service not supported"},
	{0xd406, "information not available now"},
	{0xd601, "parameter wrong"},
	{0xd602, "password wrong"},
	{0xd603, "authorised already"},
	{0xd604, "enabled already"},
	{0xd605, "no password set"},
	{0xd801, "address wrong"},
	{0xd802, "job not found"},
	{0xd803, "job status wrong"},
	{0xd804, "cycle time wrong"},
	{0xd805, "no more cyclic jobs possible"},
	{0xd807, "too slow for the cycle time"},
	{0xdc01, "date or time wrong"},
	{0xef01, "protocol error"},
	{0xef02, "protocol error"},
}

// statusText names an error class and code.
func statusText(code uint16) string {
	lo, hi := 0, len(statuses)
	for lo < hi {
		m := (lo + hi) / 2
		switch {
		case statuses[m].code == code:
			return statuses[m].text
		case statuses[m].code < code:
			lo = m + 1
		default:
			hi = m
		}
	}
	return classText(uint8(code >> 8))
}

func classText(class uint8) string {
	switch class {
	case 0x81:
		return "application relationship error"
	case 0x82:
		return "object definition error"
	case 0x83:
		return "no resources"
	case 0x84:
		return "service error"
	case 0x85:
		return "supply error"
	case 0x87:
		return "access error"
	case 0xd0:
		return "test function refused"
	case 0xd2:
		return "block function refused"
	case 0xd4:
		return "information function refused"
	case 0xd6:
		return "security function refused"
	}
	return "refused"
}
