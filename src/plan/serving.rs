//! What `[serve]` of feeds.toml comes to.

use super::*;

/// Where a server listens unless it is told otherwise.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Whether that can be an address and a port.
fn is_listen(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

impl Planner<'_> {
    pub(super) fn serve(&mut self, serve: config::Serve) -> Serve {
        let listen = serve.listen.map_or_else(
            || DEFAULT_LISTEN.to_owned(),
            |listen| {
                if !is_listen(listen.get_ref()) {
                    let help =
                        format!("an address and a port: `{DEFAULT_LISTEN}`, or `[::]:8080` for everybody");
                    self.mistake(
                        listen.span(),
                        format!("cannot listen on `{}`", listen.get_ref()),
                        Some(help),
                    );
                }
                listen.into_inner()
            },
        );
        let mut gone = Vec::new();
        for path in serve.gone {
            let plain = path.get_ref().trim().trim_matches('/').to_owned();
            if plain.is_empty() {
                let help = "a file or a folder below `output.dir`: `thoi-su/rss.xml`, `thoi-su`".to_owned();
                self.mistake(path.span(), "`gone` has an empty path", Some(help));
            }
            gone.push(plain);
        }
        Serve {
            listen,
            log: serve.access_log.unwrap_or(config::LogWord::Off),
            max_age: serve.max_age.unwrap_or(300),
            gone,
            connections: self.connections(serve.connections.as_ref()),
            memory: serve.memory.map_or(16_000_000, |size| size.get_ref().0),
            metrics: serve.metrics.unwrap_or(true),
        }
    }

    pub(super) fn connections(&mut self, connections: Option<&Spanned<u32>>) -> u32 {
        if let Some(none) = connections.filter(|connections| *connections.get_ref() == 0) {
            let help = "`connections` is 1 or more".to_owned();
            self.mistake(none.span(), "a server without a connection", Some(help));
        }
        connections.map_or(4096, |connections| *connections.get_ref())
    }
}
