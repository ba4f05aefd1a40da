//! A ticket on paper: one A5 page with what the holder, the usher and the scanner each look for.

mod canvas;
mod fonts;

use flate2::Compression;
use printpdf::{PdfDocument, PdfSaveOptions};

use self::canvas::{Area, Canvas, Colour, Embedded, Style};
use self::fonts::Weight;
use super::TicketFacts;
use crate::money;
use crate::picture::Picture;
use crate::when::Local;

const WIDTH: f32 = 148.0;
const HEIGHT: f32 = 210.0;
const MARGIN: f32 = 12.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// Side of the QR code with its white edge; the code itself measures 43 mm.
const QR_SIDE: f32 = 50.0;

const INK: Colour = 0x17131f;
const SOFT: Colour = 0x585166;
const SUNK: Colour = 0xf0eef4;
const LINE: Colour = 0x837c92;
const FLARE: Colour = 0xff5a36;
const WHITE: Colour = 0xffffff;

const TERMS: &str = "One person, one entry. The QR code opens the door once: do not post or share it. A ticket that was passed on or \
cancelled no longer admits; the newest issue counts. Bring an identity document if the organiser asks for names. Returns and refunds \
follow the event's refund policy. The organiser may refuse entry for reasons of safety. Dates and times are local to the venue.";

/// Draws a page for each ticket.
pub fn draw(tickets: &[(&TicketFacts, Picture)]) -> Vec<u8> {
    let mut document = PdfDocument::new(tickets.first().map_or("Tickets", |(ticket, _)| &ticket.event_name));
    let mut embedded = Embedded::default();
    let mut pages = Vec::with_capacity(tickets.len());
    for (ticket, qr) in tickets {
        let mut canvas = Canvas::new(&mut document, &mut embedded, WIDTH, HEIGHT);
        head(&mut canvas, ticket);
        date(&mut canvas, ticket);
        place(&mut canvas, ticket);
        canvas.perforation(0.0, 131.0, WIDTH, LINE);
        stub(&mut canvas, ticket);
        code(&mut canvas, qr);
        canvas.text(TERMS, area(MARGIN, 194.0, INNER, 11.0), style(Weight::Regular, 6.2, SOFT));
        pages.push(canvas.finish());
    }
    // The fonts come as subsets; cutting them again would need a layout engine.
    let options = PdfSaveOptions { subset_fonts: false, ..PdfSaveOptions::default() };
    let mut file = document.with_pages(pages).to_lopdf_document(&options, &mut Vec::new());
    for object in file.objects.values_mut() {
        let Ok(stream) = object.as_stream_mut() else { continue };
        // Drawing a code is thousands of alike words: packed quickly they are as short as need be, and packing well would be
        // most of the work.
        let packed = match fonts::packed(&stream.content) {
            Some(packed) => packed.to_vec(),
            None if !stream.allows_compression || stream.dict.has(b"Filter") => continue,
            None => fonts::pack(&stream.content, Compression::fast()),
        };
        stream.dict.set("Filter", "FlateDecode");
        stream.set_content(packed);
    }
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = file.save_to(&mut bytes);
    bytes
}

fn head(canvas: &mut Canvas<'_>, ticket: &TicketFacts) {
    canvas.rectangle(area(0.0, 0.0, WIDTH, 26.0), INK);
    canvas.rectangle(area(0.0, 26.0, WIDTH, 1.6), FLARE);
    canvas.line("Rushline", MARGIN, 17.0, style(Weight::Bold, 22.0, WHITE));
    canvas.line("TICKET", 117.0, 16.4, style(Weight::Bold, 12.0, FLARE));
    canvas.text(&ticket.event_name, area(MARGIN, 34.0, INNER, 25.0), style(Weight::Bold, 27.0, INK));
    canvas.text(&ticket.venue_name, area(MARGIN, 61.0, INNER, 7.0), style(Weight::Bold, 13.0, INK));
    let room = ticket.room_name.iter().map(String::as_str);
    let address: Vec<&str> = room.chain([ticket.venue_address.as_str()]).filter(|s| !s.is_empty()).collect();
    canvas.text(&address.join(", "), area(MARGIN, 68.0, INNER, 8.0), style(Weight::Regular, 10.0, SOFT));
}

fn date(canvas: &mut Canvas<'_>, ticket: &TicketFacts) {
    let starts = Local::of(ticket.starts_at, &ticket.time_zone);
    let doors = Local::of(ticket.doors_at, &ticket.time_zone);
    field(canvas, "DATE", &starts.date, area(MARGIN, 79.0, 66.0, 13.0), 15.0);
    field(canvas, "DOORS", &doors.time, area(84.0, 79.0, 22.0, 13.0), 15.0);
    field(canvas, "STARTS", &starts.time, area(110.0, 79.0, 26.0, 13.0), 15.0);
    canvas.text(&starts.zone, area(84.0, 92.0, 52.0, 5.0), style(Weight::Regular, 8.0, SOFT));
}

fn place(canvas: &mut Canvas<'_>, ticket: &TicketFacts) {
    let boxes: Vec<(&str, String)> = match ticket.seat() {
        None => vec![("ADMISSION", ticket.ticket_type.clone())],
        Some(seat) => {
            let section = seat.section.map(|section| ("SECTION", section));
            let row = seat.row.map(|row| ("ROW", row));
            section.into_iter().chain(row).chain([("SEAT", seat.label)]).collect()
        }
    };
    let gap = 3.0;
    let width = (INNER - gap * (boxes.len() as f32 - 1.0)) / boxes.len() as f32;
    for (at, (name, value)) in boxes.iter().enumerate() {
        let x = MARGIN + at as f32 * (width + gap);
        canvas.rectangle(area(x, 100.0, width, 24.0), SUNK);
        field(canvas, name, value, area(x + 4.0, 103.0, width - 8.0, 19.0), 28.0);
    }
}

fn stub(canvas: &mut Canvas<'_>, ticket: &TicketFacts) {
    let fields = [
        ("HOLDER", ticket.holder_name.clone()),
        ("TICKET TYPE", ticket.ticket_type.clone()),
        ("PRICE", money::display(ticket.price_minor, &ticket.currency)),
        ("BOOKING REFERENCE", ticket.reference.clone()),
        ("TICKET CODE", ticket.code.clone()),
    ];
    for (at, (name, value)) in fields.iter().enumerate() {
        field(canvas, name, value, area(70.0, 138.0 + at as f32 * 10.6, 66.0, 9.6), 11.5);
    }
    if let Some(parts) = ticket.sums().text(&ticket.currency) {
        let text = format!("with {parts}");
        canvas.text(&text, area(102.0, 160.0, 34.0, 8.8), style(Weight::Regular, 6.5, SOFT));
    }
}

fn code(canvas: &mut Canvas<'_>, qr: &Picture) {
    let module = QR_SIDE / qr.side as f32;
    let (left, top) = (MARGIN, 138.0);
    let runs: Vec<Area> = qr
        .runs()
        .iter()
        .map(|run| {
            let (x, y) = (left + run.x as f32 * module, top + run.y as f32 * module);
            area(x, y, run.length as f32 * module, module)
        })
        .collect();
    canvas.rectangles(&runs, 0x000000);
}

/// A small name above a large value.
fn field(canvas: &mut Canvas<'_>, name: &str, value: &str, within: Area, size: f32) {
    canvas.line(name, within.x, within.y + 2.2, style(Weight::Bold, 6.5, SOFT));
    let below = area(within.x, within.y + 3.6, within.w, within.h - 3.6);
    canvas.text(value, below, style(Weight::Bold, size, INK));
}

fn area(x: f32, y: f32, w: f32, h: f32) -> Area {
    Area { x, y, w, h }
}

fn style(weight: Weight, size: f32, colour: Colour) -> Style {
    Style { weight, size, colour }
}
