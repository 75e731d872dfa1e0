package msrpc

import "github.com/bulkhead-ot/bulkhead/wire/dcerpc"

func known(id, name string, rest Effect, calls ...Call) Interface {
	return Interface{ID: dcerpc.MustUUID(id), Name: name, Effect: rest, Calls: calls}
}

// Interfaces are the known interfaces; the first stands for all others.
var Interfaces = [...]Interface{
	{Name: "unknown interface", Effect: Other},
	// [MS-SCMR] 3.1.4
	known("367abb81-9844-35f1-ad32-98f038001003", "svcctl", Other,
		Call{0, "close service handle", Other}, Call{1, "control service", Control}, Call{2, "delete service", Configure},
		Call{6, "query service status", Read}, Call{11, "change service config", Configure}, Call{12, "create service", Program},
		Call{14, "enumerate services", Read}, Call{15, "open service manager", Login}, Call{16, "open service", Other},
		Call{17, "query service config", Read}, Call{19, "start service", Control}, Call{23, "change service config (A)", Configure},
		Call{24, "create service (A)", Program}, Call{27, "open service manager (A)", Login}, Call{28, "open service (A)", Other},
		Call{31, "start service (A)", Control}),
	// [MS-TSCH] 3.2.5
	known("1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc", Other,
		Call{0, "add job", Program}, Call{1, "delete job", Program}, Call{2, "enumerate jobs", Read}, Call{3, "get job info", Read}),
	known("86d35949-83c9-4044-b424-db363231fd0c", "ITaskSchedulerService", Other,
		Call{1, "register task", Program}, Call{2, "retrieve task", Read}, Call{7, "enumerate tasks", Read},
		Call{11, "stop task", Control}, Call{12, "run task", Control}, Call{13, "delete task", Program}, Call{14, "enable task", Configure}),
	known("378e52b0-c0a9-11cf-822d-00aa0051e40f", "sasec", Configure),
	// [MS-SAMR] 3.1.5
	known("12345778-1234-abcd-ef00-0123456789ac", "samr", Other,
		Call{5, "look up domain", Discover}, Call{6, "enumerate domains", Discover}, Call{7, "open domain", Other},
		Call{11, "enumerate groups", Discover}, Call{12, "create user", Configure}, Call{13, "enumerate users", Discover},
		Call{15, "enumerate aliases", Discover}, Call{17, "look up names", Discover}, Call{22, "add member to group", Configure},
		Call{25, "get members in group", Discover}, Call{31, "add member to alias", Configure}, Call{33, "get members in alias", Discover},
		Call{34, "open user", Other}, Call{35, "delete user", Configure}, Call{36, "query user", Read}, Call{37, "set user", Configure},
		Call{38, "change password", Configure}, Call{50, "create user 2", Configure}, Call{54, "oem change password", Configure},
		Call{55, "unicode change password", Configure}, Call{57, "connect 2", Login}, Call{58, "set user 2", Configure},
		Call{62, "connect 4", Login}, Call{64, "connect 5", Login}),
	// [MS-LSAD], [MS-LSAT]
	known("12345778-1234-abcd-ef00-0123456789ab", "lsarpc", Other,
		Call{6, "open policy", Login}, Call{7, "query policy", Read}, Call{8, "set policy", Configure}, Call{14, "look up names", Discover},
		Call{15, "look up sids", Discover}, Call{37, "add account rights", Configure}, Call{44, "open policy 2", Login},
		Call{46, "query policy 2", Read}, Call{57, "look up sids 2", Discover}, Call{58, "look up names 2", Discover},
		Call{76, "look up sids 3", Discover}, Call{77, "look up names 4", Discover}),
	// [MS-NRPC] 3.5.4
	known("12345678-1234-abcd-ef00-01234567cffb", "netlogon", Login,
		Call{4, "request challenge", Login}, Call{15, "authenticate 2", Login}, Call{26, "authenticate 3", Login},
		Call{29, "get domain info", Read}, Call{30, "set server password 2", Configure}, Call{34, "get dc name", Discover}),
	// [MS-RPRN] 3.1.4
	known("12345678-1234-abcd-ef00-0123456789ab", "spoolss", Other,
		Call{1, "open printer", Other}, Call{9, "add printer driver", Program}, Call{65, "find first printer change", Other}, Call{89, "add printer driver ex", Program}),
	// [MS-RRP] 3.1.5
	known("338cd001-2244-31f1-aaaa-900038001003", "winreg", Other,
		Call{2, "open local machine", Login}, Call{5, "close key", Other}, Call{6, "create key", Configure}, Call{7, "delete key", Configure},
		Call{8, "delete value", Configure}, Call{9, "enumerate key", Read}, Call{10, "enumerate value", Read}, Call{15, "open key", Other},
		Call{16, "query key", Read}, Call{17, "query value", Read}, Call{20, "save key", Read}, Call{22, "set value", Configure},
		Call{24, "initiate system shutdown", Control}, Call{30, "initiate system shutdown ex", Control}),
	// C706, appendix O
	known("e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epmapper", Discover, Call{2, "lookup", Discover}, Call{3, "map", Discover}),
	known("afa8bd80-7d8a-11c9-bef4-08002b102989", "mgmt", Diagnose, Call{0, "inquire interfaces", Discover}, Call{3, "stop server", Control}),
	// [MS-WKST], [MS-SRVS], [MS-DFSNM], [MS-DSSP], [MS-EVEN], [MS-EVEN6], [MS-RSP], [MS-EFSR]
	known("6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc", Read, Call{0, "get workstation info", Discover}, Call{2, "enumerate users", Discover}, Call{22, "join domain", Configure}),
	known("4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc", Read,
		Call{8, "enumerate connections", Discover}, Call{9, "enumerate files", Discover}, Call{12, "enumerate sessions", Discover},
		Call{14, "add share", Configure}, Call{15, "enumerate shares", Discover}, Call{16, "get share info", Read},
		Call{17, "set share info", Configure}, Call{18, "delete share", Configure}, Call{21, "get server info", Discover}, Call{28, "remote time of day", Read}),
	known("6bffd098-a112-3610-9833-012892020162", "browser", Discover),
	known("4fc742e0-4a10-11cf-8273-00aa004ae673", "netdfs", Read),
	known("3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup", Discover, Call{0, "get primary domain info", Discover}),
	known("82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog", Read, Call{0, "clear event log", Configure}),
	known("f6beaff7-1e19-4fbb-9f8f-b89e2018337c", "eventlog6", Read, Call{6, "clear log", Configure}),
	known("894de0c0-0d55-11d3-a322-00c04fa321a1", "initshutdown", Control, Call{0, "initiate shutdown", Control}, Call{1, "abort shutdown", Control}),
	known("c681d488-d850-11d0-8c52-00c04fd90f7e", "efsrpc", Other, Call{0, "open file raw", Other}),
	known("df1941c5-fe89-4e79-bf10-463657acf44d", "efsrpc", Other, Call{0, "open file raw", Other}),
	// [MS-DRSR] 4.1
	known("e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi", Read,
		Call{0, "bind", Login}, Call{2, "replica sync", Other}, Call{3, "get nc changes", Read}, Call{5, "replica add", Configure}, Call{12, "crack names", Discover}),
	// [MS-DCOM] 3.1.2.5
	known("4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "IActivation", Login, Call{0, "remote activation", Login}),
	known("000001a0-0000-0000-c000-000000000046", "IRemoteSCMActivator", Login, Call{3, "get class object", Login}, Call{4, "create instance", Login}),
	known("99fcfec4-5260-101b-bbcb-00aa0021347a", "IObjectExporter", Diagnose,
		Call{0, "resolve oxid", Discover}, Call{1, "simple ping", Diagnose}, Call{2, "complex ping", Diagnose},
		Call{3, "server alive", Diagnose}, Call{4, "resolve oxid 2", Discover}, Call{5, "server alive 2", Diagnose}),
	known("00000131-0000-0000-c000-000000000046", "IRemUnknown", Other, Call{3, "query interface", Other}, Call{4, "add reference", Other}, Call{5, "release", Other}),
	known("00000143-0000-0000-c000-000000000046", "IRemUnknown2", Other, Call{3, "query interface", Other}, Call{4, "add reference", Other}, Call{5, "release", Other}, Call{6, "query interface 2", Other}),
	known("00020400-0000-0000-c000-000000000046", "IDispatch", Other, Call{6, "invoke", Other}),
	// [MS-WMI] 3.1.4
	known("f309ad18-d86a-11d0-a075-00c04fb68820", "IWbemLevel1Login", Login, Call{6, "ntlm login", Login}),
	known("d4781cd6-e5d3-44df-ad94-930efe48a887", "IWbemLoginClientID", Login),
	known("9556dc99-828c-11cf-a37e-00aa003240c7", "IWbemServices", Other,
		Call{6, "get object", Read}, Call{8, "put class", Configure}, Call{14, "put instance", Configure}, Call{16, "delete instance", Configure},
		Call{18, "enumerate instances", Read}, Call{20, "execute query", Read}, Call{22, "execute notification query", Read}, Call{24, "execute method", Control}),
	known("027947e1-d731-11ce-a357-000000000001", "IEnumWbemClassObject", Read),
	// OPC Common, OPC Data Access 3.00, Alarms and Events 1.10, Historical Data Access 1.20
	known("13486d50-4821-11d2-a494-3cb306c10000", "IOPCServerList", Discover),
	known("9dd0b56c-ad9e-43ee-8305-487f3188bf7a", "IOPCServerList2", Discover),
	known("f31dfde2-07b6-11d2-b2d8-0060083ba1fb", "IOPCCommon", Other, Call{7, "set client name", Other}),
	known("f31dfde1-07b6-11d2-b2d8-0060083ba1fb", "IOPCShutdown", Other, Call{3, "shutdown request", Other}),
	known("39c13a4d-011e-11d0-9675-0020afd8adb3", "IOPCServer", Other,
		Call{3, "add group", Other}, Call{4, "get error string", Read}, Call{6, "get status", Diagnose}, Call{7, "remove group", Other}),
	known("39c13a4f-011e-11d0-9675-0020afd8adb3", "IOPCBrowseServerAddressSpace", Discover),
	known("39c13a50-011e-11d0-9675-0020afd8adb3", "IOPCGroupStateMgt", Other, Call{3, "get state", Read}, Call{4, "set state", Other}),
	known("39c13a52-011e-11d0-9675-0020afd8adb3", "IOPCSyncIO", Read, Call{3, "read", Read}, Call{4, "write", Write}),
	known("39c13a53-011e-11d0-9675-0020afd8adb3", "IOPCAsyncIO", Read, Call{3, "read", Read}, Call{4, "write", Write}),
	known("39c13a54-011e-11d0-9675-0020afd8adb3", "IOPCItemMgt", Other, Call{3, "add items", Other}, Call{4, "validate items", Discover}, Call{5, "remove items", Other}),
	known("39c13a70-011e-11d0-9675-0020afd8adb3", "IOPCDataCallback", Data,
		Call{3, "on data change", Data}, Call{4, "on read complete", Data}, Call{5, "on write complete", Data}),
	known("39c13a71-011e-11d0-9675-0020afd8adb3", "IOPCAsyncIO2", Read, Call{3, "read", Read}, Call{4, "write", Write}, Call{5, "refresh", Read}, Call{7, "set enable", Other}),
	known("39c13a72-011e-11d0-9675-0020afd8adb3", "IOPCItemProperties", Read),
	known("730f5f0f-55b1-4c81-9e18-ff8a0904e1fa", "IOPCSyncIO2", Read, Call{3, "read", Read}, Call{4, "write", Write}, Call{5, "read max age", Read}, Call{6, "write vqt", Write}),
	known("85c0b427-2893-4cbc-bd78-e5fc5146f08f", "IOPCItemIO", Read, Call{3, "read", Read}, Call{4, "write vqt", Write}),
	known("65168851-5783-11d1-84a0-00608cb8a7e9", "IOPCEventServer", Read, Call{15, "acknowledge condition", Control}),
	known("1f1217b0-dee0-11d2-a5e5-000086339399", "IOPCHDA_Server", Read),
}
