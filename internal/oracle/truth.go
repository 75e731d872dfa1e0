package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"strconv"
	"strings"
)

// record is one line of a truth file.
type record struct {
	Type   string            `json:"type"`
	Proto  string            `json:"proto"`
	Src    string            `json:"src"`
	Dst    string            `json:"dst"`
	Code   map[string]string `json:"code"`
	Addr   string            `json:"addr"`
	Values map[string]string `json:"values"`
	N      uint64            `json:"n"`
}

func readTruth(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rs []record
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var r record
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	return rs, s.Err()
}

// code is the operation code of a func record in our words, with the protocol
// that we count it under; ok is false for what is not compared.
func (r *record) code() (protocol, code string, ok bool) {
	c := r.Code
	switch r.Proto {
	case "modbus":
		return "modbus", c["modbus.func_code"], true
	case "s7comm":
		switch {
		case c["s7comm.header.rosctr"] == "7":
			sub := cmp.Or(c["s7comm.param.userdata.subfunc"], "0")
			return "s7comm", "userdata " + c["s7comm.param.userdata.funcgroup"] + "." + sub, true
		case c["s7comm.param.func"] == "":
			return "s7comm", "ack", true
		}
		return "s7comm", c["s7comm.param.func"], true
	case "enip":
		if c["enip.command"] == "" {
			return "cipio", "io", true
		}
		return "enip", c["enip.command"], true
	case "cip":
		return "cip", c["cip.sc"], true
	case "pn_dcp":
		return "pn_dcp", c["pn_dcp.service_id"], true
	case "pn_rt":
		n, err := strconv.Atoi(c["pn_rt.frame_id"])
		if err != nil || n >= 0xfefc && n <= 0xfeff {
			return "", "", false
		}
		if n >= 0xff00 && n < 0xff80 {
			return "pn_ptcp", "0x" + strconv.FormatInt(int64(n), 16), true
		}
		return "pn_rt", "0x" + strconv.FormatUint(uint64(n)|0x10000, 16)[1:], true
	case "opcua":
		if s := c["opcua.servicenodeid.numeric"]; s != "" {
			return "opcua", s, true
		}
		return "opcua", c["opcua.transport.type"], true
	case "dnp3":
		return "dnp3", c["dnp3.al.func"], c["dnp3.al.func"] != ""
	case "iec104_asdu":
		return "iec104", c["iec60870_asdu.typeid"], c["iec60870_asdu.typeid"] != ""
	case "bacnet":
		if s := c["bacapp.confirmed_service"]; s != "" {
			return "bacnet", "confirmed " + s, true
		}
		if s := c["bacapp.unconfirmed_service"]; s != "" {
			return "bacnet", "unconfirmed " + s, true
		}
		return "", "", false
	case "bvlc":
		return "bvlc", c["bvlc.function"], true
	case "mqtt":
		return "mqtt", c["mqtt.msgtype"], true
	case "snmp":
		return "snmp", c["snmp.data"], c["snmp.data"] != ""
	case "ptp":
		return "ptp", c["ptp.v2.messagetype"], true
	case "goose":
		return "goose", c["goose.appid"], true
	case "ethercat":
		return "ethercat", c["ecat.cmd"], true
	case "sv":
		return "sv", c["sv.appid"], true
	case "mms":
		if s := c["mms.confirmedServiceRequest"]; s != "" {
			return "mms", s, true
		}
		if s := c["mms.confirmedServiceResponse"]; s != "" {
			return "mms", s, true
		}
	}
	return "", "", false
}

// strings are the texts of an identity record that the inventory should show.
func (r *record) texts() []string {
	var out []string
	for k, v := range r.Values {
		switch {
		case strings.HasSuffix(k, ".index"), k == "modbus.object_id", k == "pn_dcp.suboption_device_role",
			k == "lldp.chassis.id", strings.HasPrefix(k, "cip.id.") && k != "cip.id.product_name" && k != "cip.id.serial_number":
			continue
		case k == "lldp.mgn.addr.ip4" && v == "0.0.0.0":
			continue
		case k == "cip.id.serial_number", k == "pn_dcp.suboption_vendor_id", k == "pn_dcp.suboption_device_id":
			v = strings.TrimPrefix(v, "0x")
		case k == "bacapp.vendor_identifier":
			continue
		}
		for _, s := range strings.Split(v, ";") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
