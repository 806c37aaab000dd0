//! The pages in a real browser: Chromium without a window, driven through its pipe (Chrome DevTools Protocol).
//!
//! At the widths of a telephone and a desk, light and dark: no error, nothing that does not fit, everything readable, and all
//! of it by the keyboard alone. `SCREENSHOTS=DIR cargo test browser` keeps pictures. Skipped where Chromium is missing.
#![cfg(unix)]

use crate::serve_client::Server;
use crate::site::{HEAD, Site, record, with};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long is waited for the browser: test machines may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The names under which the browser is installed.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

struct Browser {
    process: Child,
    commands: File,
    messages: Receiver<Value>,
    number: u64,
    session: String,
    /// Errors and warnings of the console, and what the browser could not load.
    complaints: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// Starts the browser; `None` where it is not installed.
    fn start() -> Option<Self> {
        let found = |name: &&&str| {
            Command::new(name)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|s| s.success())
        };
        let name = NAMES.iter().find(found)?;
        let folder = tempfile::tempdir().unwrap();
        let (into, out) = (folder.path().join("in"), folder.path().join("out"));
        assert!(Command::new("mkfifo").args([&into, &out]).status().unwrap().success());
        // The shell opens the pipes as the browser wants them: commands from 3, messages to 4.
        let script = "exec \"$0\" --headless --no-sandbox --disable-gpu --remote-debugging-pipe --user-data-dir=\"$3\" --no-first-run \
                      --disable-background-networking about:blank 3<\"$1\" 4>\"$2\"";
        let process = Command::new("sh")
            .args(["-c", script, *name])
            .args([&into, &out, &folder.path().join("profile")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let commands = OpenOptions::new().write(true).open(&into).unwrap();
        let (sender, messages) = channel();
        let reader = BufReader::new(File::open(&out).unwrap());
        std::thread::spawn(move || {
            for message in reader.split(0).map_while(Result::ok) {
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            process,
            commands,
            messages,
            number: 0,
            session: String::new(),
            complaints: Vec::new(),
            _folder: folder,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        browser.session =
            browser.call("Target.attachToTarget", attached)["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Gives a command, and waits for its result.
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let mut command = json!({"id": self.number, "method": method, "params": params});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.commands.write_all(&bytes).unwrap();
        loop {
            let message = self.message();
            if message["id"] == self.number {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    fn message(&mut self) -> Value {
        let message = match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("the browser says nothing"),
            Err(RecvTimeoutError::Disconnected) => panic!("the browser has ended"),
        };
        let params = &message["params"];
        let complaint = match message["method"].as_str() {
            Some("Log.entryAdded") => Some(params["entry"].to_string()),
            Some("Runtime.exceptionThrown") => Some(params["exceptionDetails"].to_string()),
            Some("Runtime.consoleAPICalled") => Some(params["args"].to_string()),
            Some("Network.loadingFailed") => Some(params.to_string()),
            _ => None,
        };
        self.complaints.extend(complaint);
        message
    }

    fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
        while self.message()["method"] != "Page.loadEventFired" {}
    }

    fn evaluate(&mut self, script: &str) -> Value {
        let params =
            json!({"expression": script, "returnByValue": true, "awaitPromise": true, "userGesture": true});
        let result = self.call("Runtime.evaluate", params);
        assert!(result["exceptionDetails"].is_null(), "{script}: {result}");
        result["result"]["value"].clone()
    }

    fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, None),
            "Enter" => (13, Some("\r")),
            _ => panic!("no key {key}"),
        };
        let mut params = json!({"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code});
        if let Some(text) = text {
            params["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", params.clone());
        params["type"] = "keyUp".into();
        self.call("Input.dispatchKeyEvent", params);
    }

    fn screen(&mut self, width: u32, dark: bool) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features);
    }

    fn picture(&mut self, name: &str) {
        if let Some(folder) = std::env::var_os("SCREENSHOTS") {
            let shot = self.call("Page.captureScreenshot", json!({"captureBeyondViewport": true}));
            let html = format!("<img src=\"data:image/png;base64,{}\">", shot["data"].as_str().unwrap());
            std::fs::write(Path::new(&folder).join(format!("{name}.html")), html).unwrap();
        }
    }
}

/// A newspaper's pages as the program itself serves them, under the policy that it states.
fn served() -> (Site, Server) {
    let mut site = Site::new().config(&format!(
        "{HEAD}\n[[feed]]\ntitle = \"Tin mới\"\nslug = \"tin-moi\"\n[[feed]]\ntitle = \"Thời sự\"\n"
    ));
    for day in 1..=20 {
        let date = format!("2026-11-{day:02}T08:00:00+07:00");
        site = site.article(with(record(&format!("a{day}"), 0), "date_published", date));
    }
    site.run(&["build"]).exits(0);
    // Browsers ask for it by themselves, and complain where it is missing.
    site.write("public/favicon.ico", b"");
    let server = Server::of(&site, &[]);
    (site, server)
}

/// Text whose contrast with its ground is below 4.5 (WCAG 2.2, 1.4.3), as the browser draws both.
const FAINT: &str = r#"(() => {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = numbers(color).map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      const [, , , alpha = 1] = numbers(color);
      if (alpha > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg") || !element.checkVisibility()) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faint.push(`${walker.currentNode.data}: ${contrast.toFixed(2)}`);
  }
  for (const bar of document.querySelectorAll("svg rect")) {
    const style = getComputedStyle(bar);
    const [one, other] = [light(bar.matches(".part") ? style.stroke : style.fill), light(ground(bar.closest("svg")))];
    if ((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 3) faint.push("the bars of the plot");
  }
  return faint;
})()"#;

/// What is too small to be touched (WCAG 2.2, 2.5.8): buttons and the links that look like buttons.
const SMALL: &str = r#"[...document.querySelectorAll("button:not([hidden]), .readers a, summary")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 24).map((e) => e.textContent)"#;

#[test]
fn the_pages_work_in_a_browser() {
    let Some(mut browser) = Browser::start() else {
        println!("skipped: Chromium is not installed");
        return;
    };
    let (_site, server) = served();
    let address = format!("http://{}", server.address);
    for (page, name) in [("tin-moi/index.html", "feed"), ("index.html", "index")] {
        for (width, dark) in [(360, false), (390, true), (1280, false), (1280, true)] {
            browser.screen(width, dark);
            browser.open(&format!("{address}/feeds/{page}"));
            let wide = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
            assert!(wide.as_i64().unwrap() <= 0, "{name} at {width}: {wide} too wide");
            assert_eq!(browser.evaluate(FAINT), json!([]), "{name} at {width}, dark: {dark}");
            assert_eq!(browser.evaluate(SMALL), json!([]), "{name} at {width}");
            browser.picture(&format!("{name}-{width}{}", if dark { "-dark" } else { "" }));
        }
    }
    by_keyboard(&mut browser, &address);
    assert_eq!(browser.complaints, [""; 0]);
}

/// From the top of a feed's page to a copied address and an opened table, without a mouse.
fn by_keyboard(browser: &mut Browser, address: &str) {
    let grant = json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": address});
    let session = std::mem::take(&mut browser.session);
    browser.call("Browser.grantPermissions", grant);
    browser.session = session;
    browser.screen(1280, false);
    browser.open(&format!("{address}/feeds/tin-moi/index.html"));
    let focus = "(() => { const e = document.activeElement; const s = getComputedStyle(e); \
                 return {name: e.localName, text: e.textContent.trim(), outline: parseFloat(s.outlineWidth), \
                 seen: e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight}; })()";
    let (mut stops, mut opened, mut copied) = (Vec::new(), 0, false);
    for _ in 0..60 {
        browser.press("Tab");
        let stop = browser.evaluate(focus);
        let (name, text) =
            (stop["name"].as_str().unwrap().to_owned(), stop["text"].as_str().unwrap().to_owned());
        if name == "body" {
            break;
        }
        assert!(stop["outline"].as_f64().unwrap() >= 2.0, "the focus is not seen on {text}");
        assert_eq!(stop["seen"], true, "{text} is out of sight");
        if name == "button" && !copied {
            browser.press("Enter");
            let done = browser.evaluate(
                "new Promise((done) => { const look = () => { const text = document.activeElement.textContent; \
                 text.startsWith('Đã sao chép') ? done(text) : setTimeout(look, 50); }; look(); })",
            );
            assert_eq!(done, "Đã sao chép Atom 1.0");
            assert_eq!(
                browser.evaluate("navigator.clipboard.readText()"),
                "https://bao.example/feeds/tin-moi/atom.xml"
            );
            assert_eq!(
                browser.evaluate("document.querySelector('[role=status]').textContent"),
                "Đã sao chép"
            );
            copied = true;
        }
        if name == "summary" {
            browser.press("Enter");
            opened += i32::from(browser.evaluate("document.activeElement.parentElement.open") == true);
        }
        stops.push((name, text));
    }
    assert_eq!(stops.first().map(|(_, text)| text.as_str()), Some("Đến phần nội dung chính"), "{stops:?}");
    assert!(copied, "no button to copy: {stops:?}");
    assert_eq!(opened, 2, "other formats, and the figures of the plot");
    for reached in ["Feedly", "Tin a20", "JSON Feed 1.1"] {
        assert!(stops.iter().any(|(_, text)| text == reached), "{reached} is not reached: {stops:?}");
    }
    assert_eq!(browser.evaluate("document.querySelectorAll('.days tbody tr').length"), 20);
}
