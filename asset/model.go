package asset

// words tell a role when they stand in what a device says of itself. A word
// begins where a letter or digit begins and ends likewise, unless it has a
// star behind.
var words = []struct {
	role       string
	confidence int
	words      string
}{
	{"safety-controller", 92, "guardlogix*|compact guardlogix*|triconex*|tricon|trident*|tri-gp|himax|himatrix*|hiquad*|h41q|h51q|prosafe-rs|safety manager|pnozmulti*|flexi soft|pss 4000|pss4000|acos safety|ac 800m hi|deltav sis|charm sls|safety plc|failsafe controller|f-cpu|safemaster*|safety controller|m580 safety|modicon safety"},
	{"plc", 92, "s7-200*|s7-300*|s7-400*|s7-1200*|s7-1500*|cpu 2*|cpu 3*|cpu 4*|cpu 12*|cpu 15*|cpu-1200|cpu-1500|cpu12*|cpu15*|cpu31*|cpu41*|im151-8*|im154-8*|logo!|simatic s7|winac*|software controller|et 200sp open controller"},
	{"plc", 92, "controllogix*|compactlogix*|micrologix*|flexlogix|softlogix*|slc 5*|slc-5*|plc-5*|1756-l*|1769-l*|1768-l*|5069-l*|5370*|1766-l*|1763-l*|1762-l*|1761-l*|1764-l*|1747-l*|1785-l*|2080-l*|1794-l*|logix55*|logix 55*|micro8*|programmable logic controller"},
	{"plc", 90, "modicon|bmx p34*|bmxp34*|bme p58*|bmep58*|bmeh58*|m340*|m580*|tsx p57*|tsxp57*|tsx premium|140 cpu*|140cpu*|quantum|momentum|m171|tm171*|tm221*|tm241*|tm251*|tm258*|tm262*|m221*|m241*|m251*|m258*|m262*|171 cc*|171cc*|twdl*|lmc058*|lmc078*|pacdrive*|lmc20*"},
	{"plc", 88, "ac500*|ac 500*|ac 800m*|ac800m*|pm571*|pm573*|pm583*|pm59*|pm851*|pm856*|pm86*|ac 31*|ac 70*|750-81*|750-82*|750-83*|750-84*|750-85*|750-86*|750-87*|750-88*|pfc100*|pfc200*|cx1*|cx2*|cx5*|cx7*|cx8*|cx9*|bc9*|bx9*|twincat|ilc 1*|ilc 2*|ilc 3*|ilc1*|ilc3*|axc 1*|axc 3*|axc f*|axcf*|rfc 4*|plcnext*"},
	{"plc", 88, "q00*|q01*|q02*|q03*|q04*|q06*|q12h*|q13u*|q20u*|q25h*|q26u*|qj71e71*|r00cpu|r01cpu|r02cpu|r04*|r08*|r16*|r32*|r120*|l02cpu*|l06cpu*|l26cpu*|fx3*|fx5*|iq-r*|iq-f*|melsec*|sysmac*|cj1*|cj2*|cs1*|cp1*|cp2*|nj1*|nj3*|nj5*|nx1*|nx7*|rx3i*|rx7i*|pacsystems*|versamax*|ic693*|ic695*|ic697*|ic200*|ic698*|90-30|90-70"},
	{"plc", 84, "deltav|md plus|centum*|stardom*|fcn-*|fcj*|c200 controller|c300 controller|hc900*|controledge*|ovation*|symphony*|freelance*|ac 870p*|ac 700f*|saia|pcd1*|pcd2*|pcd3*|do-more*|productivity*|click plc|directlogic*|unitronics|vision1*|v570*|koyo|fatek|xinje|delta dvp*|dvp-*|as332*|bosch rexroth|indracontrol*|ctrlx*|x20cp*|x90cp*|b&r|lenze c*|elau*|jetcontrol*|ge fanuc"},
	{"plc", 72, "codesys*|openplc*|soft plc|softplc|snap7*|plc runtime"},
	{"rtu", 88, "rtu|scadapack*|rtu5*|rtu3*|d20*|d25*|d400*|g500*|floboss*|roc800*|roc8*|roc3*|controlwave*|sixnet|brodersen*|remote terminal unit|tbox*|t4ltd|telvent*|saitel*|sicam a8000*|cp-80*|sicam rtu*|cp-85*|smartrtu|talus*|motorola ace*|ace3600|ace1000|net concentrator|outstation|kingfisher*"},
	{"remote-io", 88, "1734-aent*|1734-ae*|1794-aent*|1794-ae*|5094-ae*|1738-aent*|1719-*|1732e-*|1791es*|1791ds*|1797-*|point i/o|pointio*|flex i/o|armorblock*|armor point|et200*|et 200*|im 15*|im15*|im153*|im154*|im155*|im151*|im60*|750-3*|bk9*|ek1100*|ek9*|ek1*|el6*|stb nip*|stbnip*|stb nmp*|advantys*|otb*|xpsmcm*|axl f bk*|axlf*|il eth bk*|ilb*|fl il 24 bk*|iologik*|adam-6*|adam-5*|wise-4*|bl20*|bl67*|tben*|fen20*|impact67*|cube67*|mvk*|ice1*|al1*|murrelektronik|ifm al*|ertec*|remote i/o|remote io|distributed i/o|general purpose discrete i/o|discrete i/o|analog i/o|xn-*|s20-*|ur20*|u-remote*|pn-io|nx-eic*|nx-ecc*|gx-*"},
	{"drive", 90, "sinamics*|powerflex*|kinetix*|altivar*|atv3*|atv6*|atv7*|atv9*|atv*|lexium*|acs3*|acs5*|acs6*|acs8*|ach5*|acq*|acs*|dcs8*|micromaster*|masterdrive*|simotics*|movidrive*|movitrac*|movimot*|sew*|danfoss*|vlt*|yaskawa a1000|ga700*|ga500*|fr-a8*|fr-e8*|fr-d7*|fr-f8*|mr-j*|mr-je*|servo drive|ac drive|dc drive|cip motion drive*|ac drive device|frequency converter|variable frequency*|inverter|indradrive*|i550*|i950*|unidrive*|commander*|emerson ct|nidec*|ax5*|ax8*|simocode*|motor overload|softstart starter|motor starter|3rw*|tesys*|e300*|soft starter|um100*"},
	{"hmi", 90, "simatic hmi|ktp4*|ktp7*|ktp9*|ktp1*|ktp*|tp700*|tp900*|tp1200*|tp1500*|tp1900*|tp2200*|tp277*|tp177*|op77*|op177*|op277*|mp277*|mp377*|mtp*|comfort panel|unified comfort|basic panel|panelview*|2711*|2713p*|magelis*|xbtg*|hmigto*|hmisto*|hmist*|hmidt*|hmig*|got1000|got2000|gt1*|gt2*|ns5-*|ns8*|ns1*|nb5*|nb7*|na5*|weintek*|cmt*|mt8*|mt6*|easyview|easybuilder*|proface|pro-face*|gp4*|sp5*|beijer*|ix t*|exter*|x2 pro*|cp600*|cp6*|uniop|red lion g*|graphite*|human-machine interface|operator panel|touch panel|visualization panel|e1000*|exor|esmart*|fl tp*"},
	{"hmi", 62, "hmi|winccflexible*|wincc flexible*|wincc rt*|wincc runtime*|sm@rt|smart runtime|factorytalk view*|view me|intouch|intouchview|cimplicity hmi|iclient|webaccess"},
	{"scada-server", 80, "wincc|wincc oa|pvss*|ifix|fix32|cimplicity|wonderware|system platform|archestra|citect*|clearscada|geo scada|zenon|experion|pcs 7|pcs7|factorytalk*|rsview*|ignition|movicon|aveva*|genesis32|genesis64|iconics|survalent|e-terra|oasys|telvent oasys|mtu|scada|power scada|spectrum power|network manager|microscada|sys600|promise|inductive automation|plantscape|proficy*|ecava|integraxor|mango|rapid scada"},
	{"engineering-station", 82, "rslogix*|studio 5000*|rslinx*|step 7|step7|tia portal|unity pro|control expert|ecostruxure machine*|somachine*|gx works*|gx developer|sysmac studio|cx-programmer|cx-one|pc worx|plcnext engineer|automation studio|connected components workbench|e!cockpit|codesys development|twincat xae|totally integrated automation|engineering station|simatic manager|machine expert|logixpro|proficy machine edition|simatic-root-es"},
	{"historian", 84, "historian|pi server|osisoft*|pi data archive|proficy historian|infoplus*|ip.21|phd server|canary*|influxdb"},
	{"opc-server", 74, "kepware*|kepserver*|matrikon*|opc server|opc ua server|opc.simaticnet|simatic net|softing opc*|rslinx classic|top server|dataFEED|uaserver|unified automation|opc ua gateway|softing opc ua gateway|linkmaster"},
	{"switch", 90, "scalance x*|scalance-x*|hirschmann*|rs20*|rs30*|rs40*|rsp2*|rsp3*|mach10*|mach40*|mach1*|msp30*|msp4*|grs1*|bobcat*|octopus*|spider*|ecs*|eds-*|iks-*|ics-g*|moxa eds*|stratix*|1783-*|ie-1000*|ie-2000*|ie-3*|ie-4*|ie-5*|ws-c*|ws-ce*|catalyst*|c9200*|c9300*|c9500*|c2960*|c3560*|c3750*|c2950*|ce500*|procurve*|aruba 2*|aruba 5*|summit*|extremexos|ruggedswitch*|rsg2*|rs900*|rs416*|ros rs*|rst2*|lynx*|redfox*|viper-*|weos|fl switch*|n-tron*|710fx*|eki-*|korenix*|jetnet*|ies-*|transition networks|antaira*|lmx-*|sixnet switch|slx-*|edgeswitch*|netgear gs*|gs1*|prosafe plus*|tl-sg*|ruijie*|s5700*|s5720*|quidway*|h3c*|managed ethernet switch|ethernet switch|access switch|connexium*|tcsesm*|tcsesu*|mcsesm*|sel-2730*|sel-2731*|sel-2741*|westermo*|garrettcom*|magnum*|ml2400*"},
	{"router", 84, "scalance m*|scalance s6*|ruggedcom rx*|rx1*|rx5000|isr4*|isr*|asr1*|asr9*|cisco 18*|cisco 19*|cisco 28*|cisco 29*|cisco 38*|cisco 39*|cisco 8*|ir8*|ir1101|ir18*|mikrotik*|routeros|routerboard*|edgerouter*|vyos|openwrt|internetgatewaydevice*|teltonika*|rut9*|rut2*|ewon*|cosy*|flexy*|mbconnect*|mbnet*|ixon*|insys*|sierra wireless|airlink*|digi wr*|cradlepoint*|1783-natr|nat-r*|netmodule*|bintec*|lancom*|fritz!box*|junos mx|router"},
	{"firewall", 86, "fortigate*|fortios|palo alto*|pan-os|check point*|checkpoint*|gaia|asa 5*|asa5*|cisco adaptive security*|firepower*|isa-3000*|isa3000*|pfsense*|opnsense*|mguard*|fl mguard*|eagle20*|eagle30*|eagle40*|eagle one|tofino*|sophos*|utm|sonicwall*|watchguard*|scalance s*|scalance sc*|edr-*|stormshield*|genugate*|barracuda*|srx*|firewall|sel-3620*|sel-3622*|conel"},
	{"access-point", 86, "scalance w*|aironet*|air-*|awk-*|bat-*|bat54*|bat300*|bat867*|fl wlan*|unifi*|uap-*|ruckus*|zoneflex*|aruba ap*|meraki mr*|access point|wlan access point|wireless lan access"},
	{"gateway", 84, "nport*|mgate*|uc-8*|uc-3*|uc-2*|device server|uds1*|uds2*|xport*|eds2100|lantronix*|digi one*|portserver*|digi connect*|egx*|link150|com'x*|tsxetg*|anybus*|netbiter*|hms*|fl comserver*|comserver*|rtac*|sel-3530*|sel-3505*|sel-3555*|sel-3351*|orion*|novatech*|protocol gateway|protocol converter|ie/pb link*|iepblink*|pn/pn coupler|pn/bn*|1788-*|linking device|communications gateway|gateway|iot2*|iot gateway|prosoft*|plx3*|mvi56*|mvi69*|red lion da*|data station plus|crimson*|cip modbus translator|cip-hart translator|bacnet router|bacrouter|netlink*|nl-*|echolink|helmholz*"},
	{"protection-relay", 90, "siprotec*|7sa*|7sj*|7sl*|7ut*|7um*|7sd*|7ss*|6md*|ref6*|ref5*|ret6*|rem6*|red6*|rel6*|rec6*|reb5*|reb6*|rer6*|rel5*|sel-31*|sel-32*|sel-33*|sel-38*|sel-35*|sel-4*|sel-5*|sel-7*|sel-8*|sepam*|micom*|easergy p*|multilin*|ge ur|ur-*|d60|d30|l90|t60|f60|f35|b30|sr3*|sr7*|sr4*|p1*micom|p14*|p44*|p54*|p64*|bay controller|protection relay|ied|vamp*|nari*|pcs-9*|merging unit|switchgear controller|circuit breaker"},
	{"robot", 88, "kuka*|krc*|kr c4|kr c5|irc5*|omnicore*|fanuc robot*|r-30i*|motoman*|dx100|dx200|yrc1000*|ur3*|ur5*|ur10*|ur16*|universal robots|polyscope*|staubli*|cs8c*|cs9*|kawasaki robot*|denso rc*|epson rc*|robot controller|comau*|techman*"},
	{"cnc", 88, "sinumerik*|840d*|828d*|808d*|heidenhain*|itnc*|tnc 6*|tnc 5*|fanuc series*|31i-*|30i-*|0i-*|mazatrol*|okuma osp*|haas*|mitsubishi m80|m800*|cnc*|ncu7*|nck*"},
	{"sensor", 80, "barcode*|bar code*|photoelectric sensor|inductive proximity*|encoder|cip motion encoder|vacuum pressure gauge|mass flow controller*|fluid flow controller|residual gas analyzer|limit switch|in-sight*|dataman*|cognex*|simatic rf*|simatic mv*|rfid reader|sick*|clv6*|lms1*|keyence*|sr-1000*|iv3*|hart device|endress*|promag*|promass*|transmitter|level gauge|tls-350|tls-450*|veeder*"},
	{"meter", 86, "pm5*|pm8*|pm2*|ion7*|ion8*|ion9*|powerlogic*|sentron pac*|7km*|pac3*|pac4*|powermonitor*|1408-*|1426-*|accuenergy*|acuvim*|janitza*|umg*|energy meter|power meter|electricity meter|landis*|itron*|elster*|em3*|em24*|carlo gavazzi*|shark 2*|nexus 1*|pmu|phasor measurement unit|1133a"},
	{"ups", 86, "ups|smart-ups*|symmetra*|eaton 9*|eaton 5*|powerware*|sitop ups*|quint-ups*|quint4-ups*|netbotz*|network management card|rccmd*|liebert*|socomec*|riello*|rack pdu|pdu|powernet"},
	{"clock", 86, "meinberg*|lantime*|microsync*|sel-2488*|sel-2407*|sel-240*|arbiter*|1084*|tekron*|ttm 01*|spectracom*|securesync*|galleon*|hopf*|masterclock*|syncserver*|gps clock|gnss clock|time server|ntp server|grandmaster*|timetools*|bodet*"},
	{"camera", 86, "axis m*|axis p*|axis q*|network camera|ip camera|ipcam|webcam|hikvision*|ds-2cd*|dahua*|ipc-h*|bosch flexidome*|autodome*|mobotix*|vivotek*|avigilon*|pelco*|hanwha*|wisenet*|samsung techwin|networkvideotransmitter|onvif|reolink*|foscam*|geovision*|basler*"},
	{"printer", 88, "jetdirect*|laserjet*|officejet*|designjet*|printer|hp ethernet multi-environment|imagerunner*|bizhub*|xerox*|workcentre*|phaser*|ricoh*|aficio*|kyocera*|ecosys*|taskalfa*|lexmark*|brother*|zebra*|zt2*|zt4*|ztc*|zebranet*|sato*|intermec p*|datamax*|canon mf*|epson wf*|epson et*|oki data*|toshiba e-studio*|cab squix*|domino*|videojet*|markem*"},
	{"phone", 84, "ip phone|cisco ip phone*|cp-7*|cp-8*|cp-6*|polycom*|soundpoint*|yealink*|sip-t*|snom*|grandstream gxp*|gxp*|avaya 96*|mitel*|gigaset*|openstage*|voip phone"},
	{"nas", 84, "synology*|diskstation*|qnap*|freenas*|truenas*|readynas*|buffalo linkstation*|terastation*|netapp*|data ontap*|isilon*|wd my*|network attached storage"},
	{"building-controller", 86, "niagara*|jace*|tridium*|desigo*|pxc*|metasys*|ms-nae*|ms-nce*|nae4*|nae5*|nae3*|nce2*|fec2*|reliable controls|mach-pro*|delta controls|dsc-*|dac-*|automated logic*|automatedlogic*|lgr*|me-lgr*|webctrl*|alerton*|vlc-*|bcm-*|distech*|ecb-*|ecy-*|trane*|tracer*|johnson controls|excel web*|excel 800|eagle hawk*|wago bacnet*|honeywell spyder|easyio*|contemporary controls|bascontrol*|siemens apogee*|carrier*|i-vu*|loytec*|lioB-*|l-inx*|knx ip*|acuity brands*|ecoscreen*|nlight*|hvac|sysc mlx|air handling|lighting controller|thermostat"},
	{"domain-controller", 84, "domain controller|active directory|primary domain controller|backup domain controller"},
	{"server", 72, "windows server*|windows 2000 server|windows nt server|vmware esx*|esxi*|proxmox*|hyper-v server|red hat enterprise*|centos*|ubuntu server|suse linux enterprise*|proliant*|poweredge*|idrac*|ilo 4|ilo 5|integrated lights-out|bmc|sql server|iis|apache|samba*|exchange server|freebsd|solaris*|aix"},
	{"workstation", 46, "windows 10*|windows 11*|windows 7*|windows 8*|windows xp*|windows vista|windows 2000|windows 98|windows 95|windows 5.1|windows 5.0|windows 2002*|windows nt workstation|mac os*|macos*|macbook*|ubuntu|debian|fedora|workstation|laptop|notebook|desktop-*|thinkpad*|optiplex*|latitude*|elitebook*|google chrome*|mozilla*|firefox*"},
	{"gateway", 60, "sparkplug*|edge node|edge gateway|node-red*|kura*"},
}

// nameWords tell a role when the plant used them in a name.
var nameWords = []struct{ role, words string }{
	{"safety-controller", "sis|fplc|safety"},
	{"plc", "plc*|cpu|sps|controller"},
	{"rtu", "rtu*"},
	{"hmi", "hmi*|panel*|op*panel"},
	{"engineering-station", "ews*|engws*|eng|engineering|es01|es1|progpc|tia*"},
	{"scada-server", "scada*|mtu*|wincc*|oswinst|ospc|pcs7*"},
	{"historian", "hist|historian*|pisrv*"},
	{"opc-server", "opc*"},
	{"domain-controller", "dc|dc0*|dc1|dc2|adds*"},
	{"switch", "sw|switch*|swln*"},
	{"router", "rtr*|router*|gw"},
	{"firewall", "fw|fw0*|firewall*"},
	{"drive", "drive*|vfd*|inverter*"},
	{"printer", "printer*|prn*|prt*"},
	{"camera", "cam*|ipcam*"},
	{"remote-io", "rio*|et200*|io-device"},
	{"protection-relay", "ied*|relay*"},
	{"robot", "robot*|rob*"},
	{"server", "srv*|server*"},
	{"workstation", "laptop*|desktop*|workstation*|*pc"},
}

// makers hint at a role by what a maker mostly sells. They only support.
var makers = map[string]struct {
	role       string
	confidence int
}{
	"rockwell": {"plc", 38}, "allen-bradley": {"plc", 38}, "siemens": {"plc", 30}, "schneider": {"plc", 30}, "telemecanique": {"plc", 35},
	"modicon": {"plc", 40}, "omron": {"plc", 38}, "mitsubishi": {"plc", 38}, "beckhoff": {"plc", 42}, "wago": {"plc", 40}, "phoenix": {"plc", 28},
	"saia": {"plc", 42}, "elau": {"plc", 40}, "koyo": {"plc", 42}, "host": {"plc", 36}, "b&r": {"plc", 40}, "bernecker": {"plc", 40},
	"intelligent": {"plc", 38}, "abb": {"plc", 22}, "yokogawa": {"plc", 36}, "emerson": {"plc", 30}, "honeywell": {"plc", 25}, "bachmann": {"plc", 40},
	"triconex": {"safety-controller", 55}, "hima": {"safety-controller", 55}, "pilz": {"safety-controller", 45},
	"schweitzer": {"protection-relay", 50}, "weintek": {"hmi", 52}, "pro-face": {"hmi", 55}, "digital": {"hmi", 20}, "beijer": {"hmi", 50}, "uniop": {"hmi", 50},
	"hirschmann": {"switch", 48}, "ruggedcom": {"switch", 48}, "westermo": {"switch", 48}, "garrett": {"switch", 46}, "garrettcom": {"switch", 46},
	"n-tron": {"switch", 48}, "korenix": {"switch", 46}, "extreme": {"switch", 46}, "ruijie": {"switch", 40}, "juniper": {"router", 38}, "netgear": {"switch", 26},
	"cisco": {"switch", 26}, "moxa": {"gateway", 38}, "lantronix": {"gateway", 50}, "hms": {"gateway", 46}, "prosoft": {"gateway", 46}, "digi": {"gateway", 42},
	"fortinet": {"firewall", 58}, "palo": {"firewall", 58}, "check": {"firewall", 55}, "sonicwall": {"firewall", 55}, "innominate": {"firewall", 50},
	"ewon": {"router", 50}, "mikrotik": {"router", 42}, "routerboard": {"router", 42}, "teltonika": {"router", 48}, "insys": {"router", 46},
	"tekron": {"clock", 58}, "meinberg": {"clock", 58}, "arbiter": {"clock", 50}, "axis": {"camera", 58}, "hikvision": {"camera", 58}, "hangzhou": {"camera", 35},
	"dahua": {"camera", 55}, "mobotix": {"camera", 58}, "vivotek": {"camera", 55}, "brother": {"printer", 48}, "lexmark": {"printer", 55}, "kyocera": {"printer", 48},
	"xerox": {"printer", 20}, "ricoh": {"printer", 50}, "zebra": {"printer", 46}, "sato": {"printer", 50}, "polycom": {"phone", 50}, "yealink": {"phone", 55},
	"snom": {"phone", 55}, "grandstream": {"phone", 34}, "synology": {"nas", 58}, "qnap": {"nas", 55}, "american": {"ups", 30}, "apc": {"ups", 45},
	"kuka": {"robot", 52}, "fanuc": {"robot", 36}, "universal": {"robot", 30}, "cognex": {"sensor", 50}, "keyence": {"sensor", 42}, "sick": {"sensor", 42},
	"danfoss": {"drive", 48}, "sew-eurodrive": {"drive", 46}, "lenze": {"drive", 42}, "sew": {"drive", 42}, "murrelektronik": {"remote-io", 46},
	"turck": {"remote-io", 42}, "ifm": {"remote-io", 35}, "automatedlogic": {"building-controller", 50}, "automated": {"building-controller", 40},
	"alerton": {"building-controller", 50}, "johnson": {"building-controller", 40}, "tridium": {"building-controller", 50}, "delta": {"building-controller", 22},
	"acuity": {"building-controller", 44}, "distech": {"building-controller", 50}, "reliable": {"building-controller", 42}, "trane": {"building-controller", 50},
	"dell": {"workstation", 20}, "lcfc": {"workstation", 22}, "asustek": {"workstation", 22}, "vmware": {"server", 18}, "supermicro": {"server", 30},
	"janitza": {"meter", 52}, "rtds": {"sensor", 20},
}

// siemens are prefixes of Siemens order numbers, the longest first where one
// begins another.
var siemens = []struct {
	prefix     string
	role       string
	confidence int
}{
	{"6ES7147-", "plc", 90}, {"6ES7151-7", "plc", 92}, {"6ES7151-8", "plc", 92}, {"6ES7154-8", "plc", 92}, {"6ES713", "remote-io", 85}, {"6ES714", "remote-io", 90},
	{"6ES715", "remote-io", 92}, {"6ES721", "plc", 94}, {"6ES722", "plc", 70}, {"6ES72", "plc", 85}, {"6ES731", "plc", 94}, {"6ES7318", "plc", 94},
	{"6ES732", "plc", 55}, {"6ES733", "plc", 55}, {"6ES734", "plc", 70}, {"6ES736", "plc", 55}, {"6ES741", "plc", 94}, {"6ES74", "plc", 65}, {"6ES751", "plc", 94},
	{"6ES7615", "plc", 90}, {"6ES767", "plc", 85}, {"6ES7", "plc", 50}, {"6ED1", "plc", 92}, {"6AV63", "scada-server", 75}, {"6AV", "hmi", 92}, {"6GK7", "plc", 70},
	{"6GK56", "firewall", 80}, {"6GK58", "router", 80}, {"6GK57", "access-point", 90}, {"6GK5", "switch", 92}, {"6GK6", "switch", 80}, {"6GK141", "gateway", 80},
	{"6SL3", "drive", 94}, {"6SE", "drive", 90}, {"3RW", "drive", 80}, {"3UF7", "drive", 82}, {"3RK", "remote-io", 70}, {"7SA", "protection-relay", 92},
	{"7SJ", "protection-relay", 92}, {"7SL", "protection-relay", 92}, {"7UT", "protection-relay", 92}, {"7SD", "protection-relay", 92}, {"6MD", "protection-relay", 85},
	{"7KM", "meter", 90}, {"6FC", "cnc", 90}, {"6DL", "remote-io", 85}, {"6EP4", "ups", 85}, {"6GT", "sensor", 75}, {"6GF", "sensor", 75}, {"6BK", "server", 50},
	{"6AG1", "plc", 40}, {"6AG4", "workstation", 60},
}
