//! What staff has at hand: text blocks, clocks that run, and how long answers took.

use db::Tx;
use kernel::{Actor, Ctx, Locale, World};
use support::desk::blocks::{self, Block};
use support::desk::follow;
use support::hours::Hours;

const BLOCKS: &[(&str, &str, &str)] = &[
    (
        "Begrüßung",
        "Guten Tag {name},\n\nvielen Dank für Ihre Nachricht zu „{betreff}“.",
        "Dear {name},\n\nThank you for your message about “{betreff}”.",
    ),
    (
        "Neustart des Servers",
        "wir haben Ihren Server neu gestartet. Bitte prüfen Sie, ob jetzt alles wieder erreichbar ist.\n\nFreundliche Grüße\n{mitarbeiter}",
        "We have restarted your server. Please check whether everything can be reached again.\n\nKind regards\n{mitarbeiter}",
    ),
    (
        "Rückfrage",
        "damit wir weiterkommen, brauchen wir von Ihnen noch zwei Angaben: Seit wann tritt der Fehler auf, und wie lautet die genaue Fehlermeldung?\n\nIhr Ticket hat die Nummer {nummer}.",
        "To go on we need two more things from you: since when has this happened, and what exactly does the error message say?\n\nThe number of your ticket is {nummer}.",
    ),
    (
        "Rechnung erklärt",
        "die Rechnung zu Kundennummer {kundennummer} haben wir geprüft. Sie ist richtig; die Umstellung des Tarifs gilt ab dem nächsten Monat.",
        "",
    ),
];

pub async fn fill(tx: &mut Tx, world: &World) -> db::Result<()> {
    let ctx = Ctx::new(world, Actor::System, Locale::De);
    for (name, german, english) in BLOCKS {
        let block = Block {
            name: (*name).to_owned(),
            body_de: (*german).to_owned(),
            body_en: Some((*english).to_owned()).filter(|text| !text.is_empty()),
        };
        blocks::add(tx, &ctx, &block).await?;
    }
    follow::past(tx, &Hours::default()).await
}
