package plant

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// bounds are the numbers that a type holds, beyond what its size says.
func bounds(t reflect.Type) (low, high float64) {
	switch t {
	case reflect.TypeFor[SL]():
		return 0, 4
	case reflect.TypeFor[Level]():
		return 0, 5
	case reflect.TypeFor[VLAN]():
		return 1, 4094
	}
	return 0, 1 << 31
}

func (d *decoder) number(n ast.Node, v reflect.Value, path string) {
	low, high := bounds(v.Type())
	whole := v.Kind() != reflect.Float64
	want := fmt.Sprintf("a number from %g to %g", low, high)
	if whole {
		want = "a whole number"
		if high < 1<<31 {
			want = fmt.Sprintf("a whole number from %g to %g", low, high)
		}
	}
	var f float64
	var err error
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		f, err = strconv.ParseFloat(strings.ReplaceAll(n.GetToken().Value, "_", ""), 64)
	default:
		d.want(n, path, want)
		return
	}
	if err != nil || f < low || f > high || whole && f != math.Trunc(f) {
		d.want(n, path, want)
		return
	}
	if v.Kind() == reflect.Float64 {
		v.SetFloat(f)
		return
	}
	if v.CanUint() {
		v.SetUint(uint64(f))
		return
	}
	v.SetInt(int64(f))
}
