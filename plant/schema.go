package plant

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
)

// Schema is the JSON Schema (2020-12) of the plant file, for editors. What it
// cannot say, such as that members do not overlap, only Read checks.
func Schema() []byte {
	s := schemaOf(reflect.TypeFor[Plant](), "")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Plant file of Bulkhead"
	s["description"] = "What people decided about a plant: places, zones, conduits, owners, approved work, exceptions."
	s["properties"].(map[string]any)["plant"] = map[string]any{"const": Version, "description": "Version of the format."}
	return encodeSchema(s)
}

// ChangeSchema is the JSON Schema of a change file.
func ChangeSchema() []byte {
	s := schemaOf(reflect.TypeFor[Change](), "")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Change file of Bulkhead"
	s["description"] = "A proposed change to zones and conduits of a plant file."
	s["properties"].(map[string]any)["change"] = map[string]any{"const": ChangeVersion, "description": "Version of the format."}
	return encodeSchema(s)
}

func encodeSchema(s map[string]any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(s) // maps, texts and numbers only
	return b.Bytes()
}

// words are the values that a type knows.
func words(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[PlaceKind]():
		return placeKinds
	case reflect.TypeFor[Criticality]():
		return criticalities
	case reflect.TypeFor[Tolerance]():
		return tolerances
	case reflect.TypeFor[Direction]():
		return directions
	case reflect.TypeFor[Class]():
		return Classes()
	}
	return nil
}

func schemaOf(t reflect.Type, doc string) map[string]any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := make(map[string]any)
	if doc != "" {
		s["description"] = doc
	}
	switch t {
	case reflect.TypeFor[ID]():
		s["type"], s["pattern"] = []string{"string", "number"}, "^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$"
		return s
	case reflect.TypeFor[Port]():
		s["type"], s["pattern"] = "string", "^(tcp|udp|sctp|ip|ethernet|llc|snap)/(0x[0-9a-fA-F]+|[0-9]+)(-(0x[0-9a-fA-F]+|[0-9]+))?$"
		return s
	case reflect.TypeFor[MAC]():
		s["type"], s["pattern"] = "string", "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$"
		return s
	case reflect.TypeFor[Level]():
		s["enum"] = []float64{0, 1, 2, 3, 3.5, 4, 5}
		return s
	}
	if w := words(t); w != nil {
		s["enum"] = w
		return s
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		s["type"] = "string"
		return s
	}
	switch t.Kind() {
	case reflect.Struct:
		object(s, t)
	case reflect.Slice:
		s["type"], s["items"] = "array", schemaOf(t.Elem(), "")
	case reflect.String:
		s["type"] = []string{"string", "number"}
	case reflect.Bool:
		s["type"] = "boolean"
	default:
		low, high := bounds(t)
		s["type"], s["minimum"], s["maximum"] = "integer", low, high
	}
	return s
}

// object describes a struct: its fields, and no others.
func object(s map[string]any, t reflect.Type) {
	fields, need := make(map[string]any), []string{}
	for name, f := range orderedFields(t) {
		fields[name] = schemaOf(f.Type, f.Tag.Get("doc"))
		if f.Tag.Get("need") != "" {
			need = append(need, name)
			if f.Type.Kind() == reflect.Slice {
				fields[name].(map[string]any)["minItems"] = 1
			}
		}
	}
	s["type"], s["properties"], s["additionalProperties"] = "object", fields, false
	if len(need) > 0 {
		s["required"] = need
	}
}
