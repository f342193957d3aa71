//! Templates as the engine gets them: what is the same on every page is done once, and of a module of macros only those
//! are drawn up that are used. The engine runs a whole module for each import, and a page has some ten imports.

use super::Source;
use std::collections::{BTreeMap, BTreeSet};

/// All templates with narrower imports, and the parts of modules that they import.
pub(super) fn narrow(sources: &[Source]) -> BTreeMap<String, String> {
    let modules: BTreeMap<&str, &str> = sources
        .iter()
        .map(|(name, source)| (name.as_str(), source.as_str()))
        .collect();
    let includes: Vec<(&str, &str)> = sources
        .iter()
        .flat_map(|(name, source)| included(source).map(move |other| (name.as_str(), other)))
        .collect();
    let mut all = BTreeMap::new();
    for (name, source) in &modules {
        let family: Vec<&str> = family(name, &includes)
            .into_iter()
            .filter_map(|name| modules.get(name).copied())
            .collect();
        let source = narrowed(source, &family, &modules, &mut all);
        all.insert((*name).to_owned(), source);
    }
    all
}

/// The template, and those that include it or that it includes: an import of one takes the place of another's.
fn family<'a>(name: &'a str, includes: &[(&'a str, &'a str)]) -> BTreeSet<&'a str> {
    let mut family = BTreeSet::from([name]);
    let mut before = 0;
    while family.len() > before {
        before = family.len();
        for (one, other) in includes {
            if family.contains(one) || family.contains(other) {
                family.extend([one, other]);
            }
        }
    }
    family
}

fn included(source: &str) -> impl Iterator<Item = &str> {
    let behind = source.split(" include \"").skip(1);
    behind.filter_map(|rest| Some(rest.split_once('"')?.0))
}

/// The template with narrower imports: of a module only what the family uses. What is imported is added to `all`.
fn narrowed(
    source: &str,
    family: &[&str],
    modules: &BTreeMap<&str, &str>,
    all: &mut BTreeMap<String, String>,
) -> String {
    let mut out = source.to_owned();
    for (import, module, alias) in imports(source) {
        // written otherwise than here, a macro could be cut in the middle: such a module stays whole
        let Some(whole) = modules
            .get(module)
            .filter(|whole| whole.matches("endmacro").count() == whole.matches(END).count())
        else {
            continue;
        };
        let alias = format!("{alias}.");
        let asked = family.iter().flat_map(|source| called(source, &alias));
        let used = with_those_they_use(whole, asked.collect());
        let list: Vec<&str> = used.iter().copied().collect();
        let name = format!("{module}#{}", list.join("+"));
        if !all.contains_key(&name) {
            // a module may import others, never itself
            let part = part_of(whole, &used);
            let part = narrowed(&part, &[&part], modules, all);
            all.insert(name.clone(), part);
        }
        out = out.replace(import, &import.replacen(module, &name, 1));
    }
    out
}

/// Each import: the whole of it up to the alias, what is imported, and under which name.
fn imports(source: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(" import \"") {
        let (_, from) = rest.split_at(at);
        let (statement, after) = from.split_at(from.find("%}").unwrap_or(from.len()));
        if let Some((import, alias)) = statement.split_once(" as ")
            && let Some(module) = import
                .strip_prefix(" import \"")
                .and_then(|module| module.strip_suffix('"'))
        {
            found.push((import, module, alias.trim_end_matches(['-', ' '])));
        }
        rest = after;
    }
    found
}

/// The names behind `prefix`, wherever it stands in the source.
fn called<'a>(source: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let behind = |(at, _): (usize, &str)| {
        let (before, from) = source.split_at(at);
        let name = from.strip_prefix(prefix)?;
        let end = name.find(|c: char| !is_of_name(c)).unwrap_or(name.len());
        (!before.ends_with(is_of_name)).then(|| name.split_at(end).0)
    };
    source.match_indices(prefix).filter_map(behind).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

/// These macros of a module, and those they call.
fn with_those_they_use<'a>(module: &'a str, wanted: BTreeSet<&str>) -> BTreeSet<&'a str> {
    let macros: Vec<(&str, &str)> = pieces(module)
        .into_iter()
        .filter_map(|(name, piece)| Some((name?, piece)))
        .collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = wanted.into_iter().collect();
    while let Some(name) = open.pop() {
        if let Some((name, piece)) = macros.iter().find(|(known, _)| *known == name)
            && used.insert(name)
        {
            let more = macros.iter().map(|(other, _)| *other);
            open.extend(more.filter(|other| !called(piece, &format!("{other}(")).is_empty()));
        }
    }
    used
}

/// The module without the other macros, line by line where it was.
fn part_of(module: &str, used: &BTreeSet<&str>) -> String {
    pieces(module)
        .into_iter()
        .map(|(name, piece)| match name {
            Some(name) if !used.contains(name) => "\n".repeat(piece.matches('\n').count()),
            _ => piece.to_owned(),
        })
        .collect()
}

const MACRO: &str = "{%- macro ";
const END: &str = "{%- endmacro -%}";

/// A module in pieces: its macros by name, and what stands between them.
fn pieces(module: &str) -> Vec<(Option<&str>, &str)> {
    let mut pieces = Vec::new();
    let mut rest = module;
    while let Some(at) = rest.find(MACRO) {
        let (before, from) = rest.split_at(at);
        let end = from.find(END).map_or(from.len(), |end| end + END.len());
        let (piece, after) = from.split_at(end);
        let head = piece.strip_prefix(MACRO).unwrap_or_default();
        pieces.push((None, before));
        pieces.push((head.split('(').next(), piece));
        rest = after;
    }
    pieces.push((None, rest));
    pieces
}

/// Writes `{{ t("word") }}` and its like, which are the same on every page of a language, into the template: to look
/// them up and escape them each time is a good part of what a page costs. `same` gives the HTML of a function and what
/// stands between its brackets, if it knows it.
pub(super) fn settled(source: &str, same: &impl Fn(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(2 * source.len());
    let mut rest = source;
    while let Some(at) = rest.find("{{ ") {
        let (before, from) = rest.split_at(at);
        let (call, after) = from.split_at(from.find("}}").map_or(from.len(), |end| end + 2));
        let html = constant(call)
            .and_then(|(function, args)| same(function, args))
            .filter(|html| !html.contains('{') && !before.ends_with('{'));
        out.push_str(before);
        out.push_str(html.as_deref().unwrap_or(call));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `{{ t("word") }}`: the function, and what stands between its brackets.
fn constant(call: &str) -> Option<(&str, &str)> {
    let inner = call.strip_prefix("{{ ")?.strip_suffix(") }}")?;
    inner.split_once('(')
}

/// `"word"`, and nothing else.
pub(super) fn word(arg: &str) -> Option<&str> {
    let inner = arg.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_always_the_same_is_settled() {
        let same = |function: &str, args: &str| {
            let word = word(args).filter(|word| function == "t" && *word != "none");
            word.map(|word| format!("<{word}>"))
        };
        for (source, wanted) in [
            ("a {{ t(\"b\") }}{{ t(\"c\") }} {{ d }}", "a <b><c> {{ d }}"),
            ("{{ t(\"b\", n=1) }}", "{{ t(\"b\", n=1) }}"),
            ("{{ t(\"b\") ~ t(\"c\") }}", "{{ t(\"b\") ~ t(\"c\") }}"),
            (
                "{{ t(\"none\") }} {{ x(\"b\") }}",
                "{{ t(\"none\") }} {{ x(\"b\") }}",
            ),
            ("{{ t(\"{{\") }} {{ t(\"b", "{{ t(\"{{\") }} {{ t(\"b"),
        ] {
            assert_eq!(settled(source, &same), wanted);
        }
    }

    #[test]
    fn of_a_module_only_what_is_used_is_drawn_up() {
        let module = "{%- macro a() -%}\n{{ b() }}\n{%- endmacro -%}\n\n{%- macro b() -%}b{%- endmacro -%}\n\
                      {%- macro c(b) -%}{{ other.b() }}\n{%- endmacro -%}\n{%- set x = 1 -%}\n";
        let page = "{% import \"m.html\" as m %}{{ m.a() }}{{ am.c() }}";
        let sources = [("m.html", module), ("p.html", page)]
            .map(|(name, source)| (name.to_owned(), source.to_owned()));
        let all = narrow(&sources);
        let names: Vec<&String> = all.keys().collect();
        assert_eq!(names, ["m.html", "m.html#a+b", "p.html"]);
        assert_eq!(
            all["p.html"],
            "{% import \"m.html#a+b\" as m %}{{ m.a() }}{{ am.c() }}"
        );
        assert_eq!(
            all["m.html#a+b"],
            "{%- macro a() -%}\n{{ b() }}\n{%- endmacro -%}\n\n{%- macro b() -%}b{%- endmacro -%}\n\n\n{%- set x = 1 -%}\n"
        );
    }
}
