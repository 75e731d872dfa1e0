package asset_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

const captures = "../../shared/captures"

// captured are the roles of things in captures of real networks, as one who
// knows the networks gives them.
var captured = map[string]string{
	"plants/plant1-server-1103.pcap": `
		141.81.0.10 scada-server
		141.81.0.14 plc
		141.81.0.23 plc
		141.81.0.24 plc
		141.81.0.26 plc
		141.81.0.166 plc`,
	"attacks/lemay-modbus/characterization_modbus_6RTU_with_operate.pcap": `
		192.168.1.100 scada-server
		192.168.1.101 plc
		192.168.1.106 plc`,
	"attacks/qut-dnp3/mix-train-infrequent-0750-0820-full.pcap": `
		192.168.10.1 workstation
		192.168.10.20 clock
		192.168.10.185 protection-relay
		192.168.10.222 rtu`,
	"attacks/qut-s7/20161215190548.WaterTankOnManu_Flooding.master.pcap": `
		10.10.10.10 plc
		10.10.10.20 hmi
		00:1b:1b:34:34:cb switch`,
	"profinet/simens.pcap": `
		192.168.0.1 plc
		192.168.0.2 hmi
		192.168.0.5 workstation`,
	"profinet/working-profinet-recording-plc4x.pcapng": `
		192.168.24.31 drive
		192.168.24.200 plc`,
	"s7comm/s7comm_downloading_block_db1.pcap": `
		192.168.1.10 engineering-station
		192.168.1.40 plc`,
	"s7comm/s7comm_reading_plc_status.pcap": `
		192.168.1.10 engineering-station
		192.168.1.40 plc`,
	"s7comm-plus/S7-1511_db2_var1_HMI.pcap": `
		192.168.25.139 plc
		192.168.25.147 hmi`,
	"enip-cip/EIP-FirmwareChange.pcap": `
		192.168.10.105 engineering-station
		192.168.10.120 plc
		192.168.10.253 switch`,
	"enip-cip/EIP-RebootorRestart.pcap": `
		192.168.10.105 engineering-station
		192.168.10.120 plc`,
	"iec61850-mms/Sample_File_MMS_and_GOOSE.pcap": `
		172.16.0.101 scada-server
		172.16.201.0 switch
		172.16.201.2 protection-relay`,
	"iec104/iec60780-5-104.pcap": `
		172.27.248.79 rtu
		172.27.248.109 scada-server`,
	"infrastructure/cdp_v2.pcap":      "192.168.0.253 switch",
	"bacnet/bacnet_test.pcap":         "10.1.1.165 building-controller",
	"plants/s4x15/Advantech.pcap":     "10.50.1.50 plc\n00:1c:7f:39:de:5b firewall",
	"ethercat/ethercat-part1.pcap":    "00:14:4f:23:98:cf plc",
	"infrastructure/stp1.pcap":        "00:19:06:ea:b8:80 switch",
	"goose/Sample_File_GOOSE.pcap":    "0a:bb:fe:10:c9:02 protection-relay",
	"beckhoff-ads/addroute.pcapng":    "192.168.1.99 workstation",
	"dnp3/dnp3_example.pcap":          "10.10.20.5 scada-server\n10.10.20.8 rtu",
	"s7comm/tia_s300_goOnline.pcapng": "134.217.61.131 engineering-station\n134.217.61.211 plc",
}

type sink struct{ *asset.Builder }

func (s sink) Accept(b *fact.Batch) error {
	for _, f := range b.Flows {
		s.Flow(f)
	}
	for _, x := range b.Statements {
		s.Statement(x)
	}
	return nil
}

func analyse(t *testing.T, name string, workers int) *asset.Inventory {
	src, err := capture.Open(context.Background(), []string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	b := asset.NewBuilder()
	if err := s.Run(context.Background(), src, sink{b}); err != nil {
		t.Fatal(err)
	}
	return b.Resolve()
}

func TestCaptures(t *testing.T) {
	if _, err := os.Stat(captures); err != nil {
		t.Skip("no captures at", captures)
	}
	for name, want := range captured {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(captures, name)
			if _, err := os.Stat(path); err != nil {
				t.Skip("no capture at", path)
			}
			v := analyse(t, path, 1)
			consistent(t, v)
			for line := range strings.Lines(strings.TrimSpace(want)) {
				id, role, _ := strings.Cut(strings.TrimSpace(line), " ")
				a := find(t, v, asset.ID(id))
				if a.Role.Value != role {
					t.Errorf("%s is a %s (%d, %s), want %s", id, a.Role.Value, a.Role.Confidence, a.Role.Why, role)
				}
			}
			if one, two := everything(v), everything(analyse(t, path, 2)); one != two {
				t.Errorf("one worker says\n%s\ntwo say\n%s", one, two)
			}
		})
	}
}
