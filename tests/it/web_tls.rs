//! Sources of the web over HTTPS: whom they are trusted to come from, and what is said where they are not.

use crate::authority::{self, Authority, Identity};
use crate::site::{HEAD, Run, Site, assert_same, record};
use crate::web_server::{Server, json};
use serde_json::Value;

const CA: &str = "ca = \"ca.pem\"\n";

fn newsroom() -> Server {
    Server::start(|_, stream| json(stream, &Value::Array(vec![record("a", 1), record("b", 2)])))
}

/// A newspaper that fetches from a server of this machine which shows that, and finds these authorities in ca.pem.
fn of(server: &Server, host: &str, identity: &Identity, ca: Option<&str>) -> Site {
    let port = authority::in_front_of(server.port(), identity);
    let key = if ca.is_some() { CA } else { "" };
    let source = format!("url = \"https://{host}:{port}/api\"\nallow_private = true\ntimeout = 20\n{key}");
    let site = Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", &source));
    match ca {
        Some(pem) => site.file("ca.pem", pem),
        None => site,
    }
}

#[track_caller]
fn refused(site: &Site, why: &str) -> Run {
    let run = site.run(&["build"]).exits(2).says(&["the connection cannot be secured: ", why]);
    assert!(site.tree().is_empty());
    run
}

#[test]
fn what_an_authority_of_ones_own_vouches_for_is_read() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    for host in ["localhost", "127.0.0.1"] {
        let site = of(&server, host, &own.identity(&["localhost", "127.0.0.1"]), Some(&own.pem()));
        site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
        assert!(site.read("public/thoi-su/rss.xml").contains("Tin a"));
    }
}

#[test]
fn one_of_several_authorities_is_enough() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let both = format!("# Authorities of the house\n{}\n{}", other.pem(), own.pem());
    let site = of(&server, "localhost", &own.identity(&["localhost"]), Some(&both));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
}

#[test]
fn a_certificate_that_vouches_for_itself_is_trusted_when_it_is_named() {
    let (itself, server) = (authority::self_signed(&["localhost"]), newsroom());
    let site = of(&server, "localhost", &itself, Some(&itself.certificate));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
    let site = of(&server, "localhost", &itself, None);
    refused(
        &site,
        "no known authority vouches for the server's certificate; `ca = \"ca.pem\"` names one of your own",
    );
}

#[test]
fn another_authority_is_refused_and_the_old_feeds_stay() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let site = of(&server, "localhost", &own.identity(&["localhost"]), Some(&own.pem()));
    site.run(&["build"]).exits(0).prints(&["2 articles from 1 file"]);
    let before = site.tree();
    let site = site.file("ca.pem", &other.pem());
    let run = site.run(&["build"]).exits(1).prints(&["2 articles from 1 file"]);
    run.says(&["none of the authorities in", "ca.pem vouches for", "what it gave last is used"]);
    assert_same(&site.tree(), &before);
    // Of the same name, and yet another.
    let site = site.file("ca.pem", &Authority::new("Toà soạn").pem());
    site.run(&["build"]).exits(1).says(&["the connection cannot be secured: ", "ca.pem"]);
    assert_same(&site.tree(), &before);
}

#[test]
fn a_certificate_of_another_name_is_refused() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let identity = own.identity(&["cms.example", "10.0.0.1"]);
    refused(
        &of(&server, "localhost", &identity, Some(&own.pem())),
        "the server's certificate is made out to cms.example, 10.0.0.1, not to localhost",
    );
    refused(&of(&server, "127.0.0.1", &identity, Some(&own.pem())), "not to 127.0.0.1");
    refused(&of(&server, "localhost", &own.identity(&[]), Some(&own.pem())), "made out to no name at all");
}

#[test]
fn a_certificate_that_ran_out_is_refused() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let site = of(&server, "localhost", &own.run_out(&["localhost"]), Some(&own.pem()));
    refused(&site, "the server's certificate ran out on 2020-12-31");
}

#[test]
fn a_file_that_names_no_authority_is_told() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let identity = own.identity(&["localhost"]);
    for (pem, why) in [
        ("", "`ca`: there is no certificate in "),
        (&identity.key, "`ca`: there is no certificate in "),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "`ca`: certificate 1 in "),
    ] {
        of(&server, "localhost", &identity, Some(pem)).run(&["build"]).exits(2).says(&[why, "ca.pem"]);
    }
    let site = of(&server, "localhost", &identity, Some(""));
    std::fs::remove_file(site.path("ca.pem")).unwrap();
    let run = site.run(&["build"]).exits(2);
    run.says(&["`ca`: cannot read the certificates in ", "ca.pem: there is no such file"]);
    assert!(server.requests().is_empty());
}

#[test]
fn authorities_belong_to_the_web() {
    let config = |source: &str| Site::new().config(&HEAD.replace("path = \"articles.jsonl\"", source));
    let run = config("path = \"articles.jsonl\"\nca = \"ca.pem\"").run(&["build"]).exits(2);
    run.says(&["`ca` says nothing of files", "feeds.toml:"]);
    let run = config("url = \"sqlite:a.db\"\ntable = \"a\"\nca = \"ca.pem\"").run(&["build"]).exits(2);
    run.says(&["`ca` says nothing of a database"]);
    config("url = \"https://cms.example/\"\nca = \" \"").run(&["build"]).exits(2).says(&["`ca` is empty"]);
}

#[test]
fn what_is_redirected_to_is_held_against_the_same_authorities() {
    let (own, other, server) = (Authority::new("Toà soạn"), Authority::new("Khác"), newsroom());
    let elsewhere = authority::in_front_of(server.port(), &other.identity(&["localhost"]));
    let first = Server::start(move |_, stream| {
        let to = format!("https://localhost:{elsewhere}/api");
        crate::web_server::answer(stream, "302 Found", &[("Location", &to)], b"");
    });
    let identity = own.identity(&["localhost"]);
    refused(&of(&first, "localhost", &identity, Some(&own.pem())), "none of the authorities in");
    let both = own.pem() + &other.pem();
    of(&first, "localhost", &identity, Some(&both)).run(&["build"]).exits(0).prints(&["2 articles"]);
}

#[test]
fn a_feed_that_nobody_vouches_for_is_found_out() {
    let (own, server) = (Authority::new("Toà soạn"), newsroom());
    let port = authority::in_front_of(server.port(), &own.identity(&["localhost"]));
    let run = Site::new().run(&["check", &format!("https://localhost:{port}/rss.xml")]).exits(1);
    // Whoever looks cannot name an authority here, and readers could not either.
    run.prints(&["error[unreachable-feed]", "no known authority vouches for the server's certificate\n"]);
}
