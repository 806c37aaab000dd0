//! `completions` and `man`: what packagers install beside the program.

use crate::site::Site;

/// Every subcommand, as `--help` lists them.
fn commands(site: &Site) -> Vec<String> {
    let help = site.run(&["--help"]).exits(0).stdout;
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<String> =
        names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.len() > 8 && names.contains(&"build".to_owned()), "{help}");
    names
}

#[test]
fn completions_of_every_shell_name_every_command() {
    let site = Site::new();
    let commands = commands(&site);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = site.run(&["completions", shell]).exits(0);
        assert_eq!(script.stderr, "");
        for command in &commands {
            assert!(script.stdout.contains(command.as_str()), "{shell} lacks {command}");
        }
        for flag in ["--config", "--dry-run", "--categories"] {
            let bare = flag.trim_start_matches('-');
            assert!(script.stdout.contains(bare), "{shell} lacks {flag}");
        }
    }
    site.run(&["completions", "basic"]).exits(2).says(&["invalid value 'basic'", "zsh"]);
}

#[test]
fn man_pages_of_every_command() {
    let site = Site::new();
    let commands = commands(&site);
    let page = site.run(&["man"]).exits(0).stdout;
    assert!(page.starts_with(".ie") && page.contains(".TH bantin 1"), "{page}");
    for command in commands.iter().filter(|command| *command != "help") {
        assert!(page.contains(&command.replace('-', "\\-")), "bantin(1) lacks {command}");
        let page = site.run(&["man", command]).exits(0).stdout;
        assert!(page.contains(".SH NAME") && page.contains(".SH OPTIONS"), "{command}:\n{page}");
        assert!(page.contains("config"), "{command} lacks what every command understands");
    }
    site.run(&["man", "biuld"])
        .exits(2)
        .says(&["error: no command is called `biuld`", "help: did you mean `build`?"]);
    site.run(&["man", "--dir", "man"]).exits(0);
    let written = site.tree_of("man");
    for command in commands.iter().filter(|command| *command != "help") {
        let page = written.get(&format!("bantin-{command}.1"));
        assert!(page.is_some_and(|page| page.len() > 200), "{command}: {:?}", written.keys());
    }
    assert!(written.contains_key("bantin.1"));
}
