use crate::whole;
use kernel::Locale;
use tresen::demo::samples::{member, staff, viewed};
use web::Who;

#[tokio::test(flavor = "multi_thread")]
async fn every_template_draws_every_sample_in_every_language() {
    let t = whole().await;
    let mut problems = Vec::new();
    let mut drawn = 0;
    for sampled in t.app.samples() {
        let samples = (sampled.samples)();
        if samples.is_empty() {
            problems.push(format!("{}: no sample", sampled.template));
        }
        for (i, sample) in samples.into_iter().enumerate() {
            for locale in [Locale::De, Locale::En] {
                for who in [Who::Nobody, member(), viewed(), staff()] {
                    match t
                        .app
                        .draw_sample(locale, who, &sampled.template, sample.clone())
                    {
                        Ok(_) => drawn += 1,
                        Err(error) => {
                            problems.push(format!("{} sample {i}: {error:#}", sampled.template))
                        }
                    }
                }
            }
        }
    }
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(drawn > 100, "only {drawn} drawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_template_is_drawn_by_a_page_or_used_by_another() {
    let t = whole().await;
    let env = t.app.templates().environment(Locale::De);
    let sampled: Vec<&str> = t
        .app
        .samples()
        .iter()
        .map(|s| s.template.as_str())
        .collect();
    let sources: Vec<(String, String)> = env
        .templates()
        .map(|(name, template)| (name.to_owned(), template.source().to_owned()))
        .collect();
    for (name, _) in &sources {
        // of a module that is imported a part stands for it: "web/parts.html#errors+field"
        let whole = name.split('#').next().unwrap_or(name);
        let used = sources.iter().any(|(_, source)| {
            ["\"", "#"]
                .iter()
                .any(|end| source.contains(&format!("\"{whole}{end}")))
        });
        let alone = matches!(name.as_str(), "web/desk_error.html");
        assert!(
            used || alone || sampled.contains(&name.as_str()),
            "{name} is drawn by nobody"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_1_2_encode_at_sink_only() {
    let t = whole().await;
    let env = t.app.templates().environment(Locale::De);
    // documents are cleaned Markdown; tiles and tabs are drawn templates
    let allowed = [
        "legal/document.html",
        "knowledge/portal/article.html",
        "knowledge/portal/print.html",
        "knowledge/desk/one.html",
        "knowledge/desk/write.html",
        "customers/overview.html",
        "customers/start.html",
        "operations/start.html",
        "customers/desk/file.html",
        "support/desk/thread.html",
    ];
    for (name, template) in env.templates() {
        let raw = template.source().contains("|safe") || template.source().contains("| safe");
        assert!(
            !raw || allowed.contains(&name),
            "{name} prints something unescaped"
        );
        let inline = [
            " style=\"",
            "<script>",
            " onclick=",
            " onsubmit=",
            "javascript:",
        ];
        assert!(
            name.contains("mail") || inline.iter().all(|word| !template.source().contains(word)),
            "{name} has inline style or script, which the policy forbids"
        );
    }
}
