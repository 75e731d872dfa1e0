package simulate

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// mqtt is a connection of MQTT 3.1.1 with payloads of Sparkplug B.
type mqtt struct {
	*conn
	seq byte
}

func mqttPacket(kind byte, body []byte) []byte {
	b := []byte{kind}
	n := len(body)
	for {
		d := byte(n & 0x7f)
		if n >>= 7; n > 0 {
			b = append(b, d|0x80)
			continue
		}
		return append(append(b, d), body...)
	}
}

func mqttText(w *wire.Builder, s string) *wire.Builder { return w.U16(uint16(len(s))).Text(s) }

func (n *network) dialMQTT(at time.Duration, client, broker *host, id, user, password, willTopic string) *mqtt {
	m := &mqtt{conn: n.dial(at, client, broker, 1883, "mqtt")}
	var w wire.Builder
	mqttText(&w, "MQTT").U8(4, 0xc6).U16(60)
	mqttText(&w, id)
	mqttText(&w, willTopic)
	var death wire.Builder
	death.U8(0x12, 9, 0x0a, 5).Text("bdSeq").U8(0x58, 0)
	w.U16(uint16(len(death.B))).Bytes(death.B)
	mqttText(&w, user)
	mqttText(&w, password)
	m.ask(mqttPacket(0x10, w.B), []byte{0x20, 2, 0, 0})
	return m
}

func (m *mqtt) subscribe(topic string) {
	var w wire.Builder
	mqttText(w.U16(1), topic).U8(1)
	m.ask(mqttPacket(0x82, w.B), []byte{0x90, 3, 0, 1, 1})
}

func (m *mqtt) publish(topic string, payload []byte) {
	var w wire.Builder
	m.client(mqttPacket(0x30, mqttText(&w, topic).Bytes(payload).B))
}

func (m *mqtt) ping() { m.ask([]byte{0xc0, 0}, []byte{0xd0, 0}) }

func (m *mqtt) disconnect() {
	m.client([]byte{0xe0, 0})
	m.close()
}

// metric is a value of Sparkplug B.
type metric struct {
	name  string
	value any // float64 as Float, int64 as Int64, bool, string
}

// payload is a message of Sparkplug B, in Protocol Buffers.
func (m *mqtt) payload(at time.Time, metrics ...metric) []byte {
	varint := binary.AppendUvarint
	stamp := uint64(at.UnixMilli())
	b := varint([]byte{0x08}, stamp)
	for _, x := range metrics {
		e := append(varint([]byte{0x0a}, uint64(len(x.name))), x.name...)
		e = varint(append(e, 0x18), stamp)
		switch v := x.value.(type) {
		case float64:
			e = append(e, 0x20, 9, 0x65)
			e = binary.LittleEndian.AppendUint32(e, math.Float32bits(float32(v)))
		case int64:
			e = varint(append(e, 0x20, 4, 0x58), uint64(v))
		case bool:
			e = append(e, 0x20, 11, 0x70, flag(v))
		case string:
			e = append(varint(append(e, 0x20, 12, 0x7a), uint64(len(v))), v...)
		}
		b = append(varint(append(b, 0x12), uint64(len(e))), e...)
	}
	b = append(b, 0x18)
	b = varint(b, uint64(m.seq))
	m.seq++
	return b
}
