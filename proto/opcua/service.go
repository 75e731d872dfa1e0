package opcua

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const name = "opcua"

// Operations of the transport, and of secured messages that cannot be read.
var (
	helloAsk    = fact.Function{Protocol: name, Code: "HEL", Name: "hello", Class: fact.Other}
	helloAnswer = fact.Function{Protocol: name, Code: "ACK", Name: "acknowledge", Class: fact.Other, Reply: true}
	failed      = fact.Function{Protocol: name, Code: "ERR", Name: "error", Class: fact.Other}
	reverse     = fact.Function{Protocol: name, Code: "RHE", Name: "reverse hello", Class: fact.Other}
	sealedOpen  = fact.Function{Protocol: name, Code: "OPN", Name: "open secure channel, encrypted", Class: fact.Login}
	sealedClose = fact.Function{Protocol: name, Code: "CLO", Name: "close secure channel, encrypted", Class: fact.Login}
	sealed      = fact.Function{Protocol: name, Code: "MSG", Name: "encrypted message", Class: fact.Other}
	aborted     = fact.Function{Protocol: name, Code: "MSG", Name: "message aborted by its sender", Class: fact.Other}
)

// pairs are the services: the ids of the binary encodings of request and
// response (Part 6, annex A.3) and what the service does (Part 4, chapter 5).
var pairs = []struct {
	ask, answer uint32
	name        string
	class       fact.Class
}{
	{410, 413, "test stack", fact.Diagnose},
	{416, 419, "test stack ex", fact.Diagnose},
	{422, 425, "find servers", fact.Discover},
	{12208, 12209, "find servers on network", fact.Discover},
	{428, 431, "get endpoints", fact.Discover},
	{437, 440, "register server", fact.Configure},
	{12211, 12212, "register server 2", fact.Configure},
	{446, 449, "open secure channel", fact.Login},
	{452, 455, "close secure channel", fact.Login},
	{461, 464, "create session", fact.Login},
	{467, 470, "activate session", fact.Login},
	{473, 476, "close session", fact.Login},
	{479, 482, "cancel", fact.Other},
	{488, 491, "add nodes", fact.Configure},
	{494, 497, "add references", fact.Configure},
	{500, 503, "delete nodes", fact.Configure},
	{506, 509, "delete references", fact.Configure},
	{527, 530, "browse", fact.Discover},
	{533, 536, "browse next", fact.Discover},
	{554, 557, "translate browse paths to node ids", fact.Discover},
	{560, 563, "register nodes", fact.Discover},
	{566, 569, "unregister nodes", fact.Discover},
	{615, 618, "query first", fact.Discover},
	{621, 624, "query next", fact.Discover},
	{631, 634, "read", fact.Read},
	{664, 667, "history read", fact.Read},
	{673, 676, "write", fact.Write},
	{700, 703, "history update", fact.Write},
	{712, 715, "call", fact.Control},
	{751, 754, "create monitored items", fact.Read},
	{763, 766, "modify monitored items", fact.Read},
	{769, 772, "set monitoring mode", fact.Read},
	{775, 778, "set triggering", fact.Read},
	{781, 784, "delete monitored items", fact.Read},
	{787, 790, "create subscription", fact.Data},
	{793, 796, "modify subscription", fact.Data},
	{799, 802, "set publishing mode", fact.Data},
	{826, 829, "publish", fact.Data},
	{832, 835, "republish", fact.Data},
	{841, 844, "transfer subscriptions", fact.Data},
	{847, 850, "delete subscriptions", fact.Data},
}

// Ids that the code branches on.
const (
	idFault             = 397
	idFindServers       = 422
	idFindAnswer        = 425
	idOnNetworkAnswer   = 12209
	idGetEndpoints      = 428
	idEndpointsAnswer   = 431
	idRegisterServer    = 437
	idRegisterServer2   = 12211
	idOpen              = 446
	idOpenAnswer        = 449
	idCreateSession     = 461
	idCreateAnswer      = 464
	idActivateSession   = 467
	idActivateAnswer    = 470
	idAddNodes          = 488
	idAddReferences     = 494
	idDeleteNodes       = 500
	idDeleteReferences  = 506
	idBrowse            = 527
	idTranslate         = 554
	idRegisterNodes     = 560
	idUnregisterNodes   = 566
	idRead              = 631
	idReadAnswer        = 634
	idHistoryRead       = 664
	idWrite             = 673
	idWriteAnswer       = 676
	idHistoryUpdate     = 700
	idCall              = 712
	idCallAnswer        = 715
	idCreateItems       = 751
	idModifyItems       = 763
	idSetMonitoring     = 769
	idSetTriggering     = 775
	idDeleteItems       = 781
	idCreateAnswerSub   = 790
	idModifySub         = 793
	idSetPublishing     = 799
	idPublishAnswer     = 829
	idRepublish         = 832
	idRepublishAnswer   = 835
	idTransfer          = 841
	idDeleteSubs        = 847
	idDataChange        = 811
	idStatusChange      = 820
	idEventList         = 916
	idAnonymous         = 321
	idUserName          = 324
	idX509              = 327
	idIssued            = 940
	idBuildInfo         = 340
	idServerStatus      = 864
	maxFunctionsPerKind = 28
)

// service is one encoded request or response.
type service struct {
	fact.Function
	reply bool
	asks  *service // for a response: the request
}

var services = func() map[uint32]*service {
	m := make(map[uint32]*service)
	for _, p := range pairs {
		ask := &service{Function: fact.Function{Protocol: name, Code: strconv.Itoa(int(p.ask)), Name: p.name, Class: p.class}}
		answer := &service{reply: true, asks: ask, Function: fact.Function{
			Protocol: name, Code: strconv.Itoa(int(p.answer)), Name: p.name + " response", Class: p.class, Reply: true,
		}}
		m[p.ask], m[p.answer] = ask, answer
	}
	m[idFault] = &service{reply: true, Function: fact.Function{
		Protocol: name, Code: "397", Name: "service fault", Class: fact.Other, Reply: true,
	}}
	return m
}()

// attributes are the attribute ids of Part 6, annex A.1.
var attributes = [maxFunctionsPerKind]string{
	1: "NodeId", 2: "NodeClass", 3: "BrowseName", 4: "DisplayName", 5: "Description", 6: "WriteMask",
	7: "UserWriteMask", 8: "IsAbstract", 9: "Symmetric", 10: "InverseName", 11: "ContainsNoLoops",
	12: "EventNotifier", 13: "Value", 14: "DataType", 15: "ValueRank", 16: "ArrayDimensions",
	17: "AccessLevel", 18: "UserAccessLevel", 19: "MinimumSamplingInterval", 20: "Historizing",
	21: "Executable", 22: "UserExecutable", 23: "DataTypeDefinition", 24: "RolePermissions",
	25: "UserRolePermissions", 26: "AccessRestrictions", 27: "AccessLevelEx",
}

const valueAttribute = 13

// Read, write and monitor by the attribute that they act on. Only a write to
// Value changes the process; one to another attribute changes the server.
var (
	reads    = byAttribute(idRead, fact.Read)
	writes   = byAttribute(idWrite, fact.Configure)
	monitors = byAttribute(idCreateItems, fact.Read)
)

func byAttribute(id uint32, other fact.Class) (t [maxFunctionsPerKind]fact.Function) {
	for i := range t {
		t[i] = services[id].Function
		t[i].Object = attributes[i]
		if i != valueAttribute && attributes[i] != "" {
			t[i].Class = other
		}
	}
	return t
}

func ofAttribute(t *[maxFunctionsPerKind]fact.Function, attribute uint32) *fact.Function {
	if attribute < maxFunctionsPerKind {
		return &t[attribute]
	}
	return &t[0]
}

// calls are the methods of namespace 0 that are told apart from other calls,
// by the numeric ids of instance and type (Part 6, annex A.3).
var calls = func() map[uint32]*fact.Function {
	m := make(map[uint32]*fact.Function)
	add := func(text string, class fact.Class, ids ...uint32) {
		f := services[idCall].Function
		f.Name, f.Class = "call: "+text, class
		for _, id := range ids {
			m[id] = &f
		}
	}
	add("get monitored items", fact.Read, 11489, 11492)
	add("resend data", fact.Read, 12871, 12873)
	add("request server state change", fact.Control, 12883, 12886)
	add("condition refresh", fact.Read, 3875, 12912)
	add("enable condition", fact.Configure, 9027)
	add("disable condition", fact.Configure, 9028)
	add("add comment to condition", fact.Control, 9029)
	add("acknowledge condition", fact.Control, 9111)
	add("confirm condition", fact.Control, 9113)
	add("update certificate", fact.Configure, 12616, 13737)
	add("create signing request", fact.Configure, 12731, 12737)
	add("apply changes", fact.Configure, 12734, 12740)
	add("get rejected list", fact.Read, 12775, 12777)
	return m
}()

// keys is this protocol's range for functions made on demand.
var keys = proto.KeySpace(name)

// find returns the service that a type id names; unknown ones are kept too.
func find(c *proto.Context, id uint32) (f *fact.Function, s *service) {
	if s := services[id]; s != nil {
		return &s.Function, s
	}
	return c.Func(keys|uint64(id), unnamed), nil
}

func unnamed(key uint64) fact.Function {
	id := uint32(key)
	return fact.Function{Protocol: name, Code: strconv.Itoa(int(id)), Name: fmt.Sprintf("type %d", id), Class: fact.Other}
}

func allFunctions() []fact.Function {
	fs := []fact.Function{helloAsk, helloAnswer, failed, reverse, sealedOpen, sealedClose, sealed, aborted}
	for _, s := range services {
		fs = append(fs, s.Function)
	}
	slices.SortFunc(fs[8:], func(a, b fact.Function) int {
		return cmp.Or(cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code))
	})
	for _, t := range []*[maxFunctionsPerKind]fact.Function{&reads, &writes, &monitors} {
		fs = append(fs, t[1:]...)
	}
	methods := len(fs)
	for _, f := range calls {
		if !slices.Contains(fs[methods:], *f) {
			fs = append(fs, *f)
		}
	}
	slices.SortFunc(fs[methods:], func(a, b fact.Function) int { return cmp.Compare(a.Name, b.Name) })
	return fs
}
