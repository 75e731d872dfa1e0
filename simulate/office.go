package simulate

import (
	"net/netip"
	"time"
)

// office composes the office and the demilitarised zone.
func (p *plant) office() {
	dc, file, erp := p.h("dc-1"), p.h("file-1"), p.h("erp-1")
	rng := p.random("office")
	all := p.broadcast("office")
	authority := commonName("Plant Issuing CA 1", "Example Bottling")
	cert := certificate(rng, commonName("erp-1.plant.example", "Example Bottling"), authority, p.truth.Start.AddDate(0, -3, 0), p.truth.Start.AddDate(1, 9, 0), 2048, "erp-1.plant.example")
	for i, name := range []string{"ws-anna", "ws-bela", "ws-carla"} {
		ws := p.h(name)
		at := time.Duration(25+41*i) * time.Second
		p.registerNBNS(at, ws, all, name, 0)
		p.lookUp(at+time.Second, ws, dc, "file-1.plant.example", file.addr)
		s := p.dialSMB(at+2*time.Second, ws, file, "PLANT", name[3:])
		s.share(`\\file-1\shifts`)
		s.fetch(`plan\2026-10.xlsx`, text(3000+rng.IntN(4000)))
		s.leave()
		p.lookUp(at+8*time.Second, ws, dc, "erp-1.plant.example", erp.addr)
		t := p.dialTLS(at+9*time.Second, ws, erp, 443, 0x0304, "erp-1.plant.example", nil, "h2", "http/1.1")
		for x := at + 12*time.Second; x < p.end-20*time.Second; x += time.Duration(8+rng.IntN(25)) * time.Second {
			t.at(x)
			t.ask(t.secret(200+rng.IntN(400)), t.secret(300+rng.IntN(1500)))
		}
		t.close()
	}
	// Orders go from the office to the supervisory level by the historian's page.
	t := p.dialTLS(55*time.Second, erp, p.h("hist-1"), 8443, 0x0303, "hist-1.plant.example", cert)
	for x := 60 * time.Second; x < p.end; x += 30 * time.Second {
		t.at(x)
		t.ask(t.secret(500), t.secret(1200))
	}
	t.close()
	ws := p.h("ws-carla")
	p.lookUp(140*time.Second, ws, dc, "shop.example.com", p.h("web-shop").addr)
	w := p.dialTLS(141*time.Second, ws, p.h("web-shop"), 443, 0x0304, "shop.example.com", nil, "h2", "http/1.1")
	for range 5 {
		w.ask(w.secret(350), w.secret(4000))
		w.at(w.now + 4*time.Second)
	}
	w.close()
	p.lookUp(160*time.Second, ws, dc, "wpad.plant.example", netip.Addr{})
	p.askMDNS(58*time.Second, ws, "_ipp._tcp.local")
	p.announceMDNS(59*time.Second, p.h("print-1"), "HP LaserJet M507 [print-1]", "_ipp._tcp.local", "print-1.local", 631, "txtvers=1", "ty=HP LaserJet M507", "product=(HP LaserJet M507)", "usb_MFG=HP", "usb_MDL=HP LaserJet M507")
	// Windows machines of the plant look for updates in the demilitarised zone.
	patch := p.h("patch-1")
	for i, name := range []string{"scada-1", "hist-1", "eng-1", "jump-1"} {
		c := p.dial(time.Duration(200+70*i)*time.Second, p.h(name), patch, 8530, "http")
		c.get("patch-1.plant.example:8530", page{"/selfupdate/wuident.cab?2603020600", "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.51", "", "Microsoft-IIS/10.0", string(text(900)), false})
		c.close()
	}
}

// text is content of a length that compresses well.
func text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = "shift plan line 1 bottles "[i%26]
	}
	return b
}
