//! A page to draw on: millimetres from the top left, a few shapes, text that fits its box.

use printpdf::{
    Color, Line, LineDashPattern, LinePoint, Mm, Op, PdfDocument, PdfFontHandle, PdfPage, Point, Polygon,
    PolygonRing, Pt, Rgb, TextItem,
};

use super::fonts::{self, Face, Weight};

/// Points in a millimetre.
const POINTS_MM: f32 = 72.0 / 25.4;
/// Distance of two baselines in sizes of the font.
const LEADING: f32 = 1.15;

/// An sRGB colour, `0xrrggbb`.
pub type Colour = u32;

/// Where text goes, in millimetres from the top left of the page.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// From the left edge.
    pub x: f32,
    /// From the upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Its weight.
    pub weight: Weight,
    /// Its size in points; text that does not fit its area is made smaller.
    pub size: f32,
    /// Its colour.
    pub colour: Colour,
}

/// Fonts that the document holds already.
#[derive(Default)]
pub struct Embedded(Vec<(Face, PdfFontHandle)>);

impl Embedded {
    fn handle(&mut self, document: &mut PdfDocument, face: Face) -> PdfFontHandle {
        if let Some((_, handle)) = self.0.iter().find(|(known, _)| *known == face) {
            return handle.clone();
        }
        let handle = PdfFontHandle::External(document.add_font(face.font()));
        self.0.push((face, handle.clone()));
        handle
    }
}

/// A page being drawn.
pub struct Canvas<'d> {
    document: &'d mut PdfDocument,
    embedded: &'d mut Embedded,
    width_mm: f32,
    height_mm: f32,
    ops: Vec<Op>,
}

impl<'d> Canvas<'d> {
    /// An empty page.
    pub fn new(
        document: &'d mut PdfDocument,
        embedded: &'d mut Embedded,
        width_mm: f32,
        height_mm: f32,
    ) -> Self {
        Self { document, embedded, width_mm, height_mm, ops: Vec::new() }
    }

    /// The page.
    pub fn finish(self) -> PdfPage {
        PdfPage::new(Mm(self.width_mm), Mm(self.height_mm), self.ops)
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, area: Area, colour: Colour) {
        self.rectangles(&[area], colour);
    }

    /// Filled rectangles as one shape, so that no viewer leaves hairlines between them.
    pub fn rectangles(&mut self, areas: &[Area], colour: Colour) {
        let rings = areas.iter().map(|area| self.ring(area)).collect();
        self.ops.push(Op::SetFillColor { col: rgb(colour) });
        self.ops.push(Op::DrawPolygon { polygon: Polygon { rings, ..Polygon::default() } });
    }

    fn ring(&self, area: &Area) -> PolygonRing {
        let (right, bottom) = (area.x + area.w, area.y + area.h);
        let corners = [(area.x, area.y), (right, area.y), (right, bottom), (area.x, bottom)];
        PolygonRing { points: corners.map(|(x, y)| LinePoint { p: self.point(x, y), bezier: false }).into() }
    }

    /// A dashed line from left to right.
    pub fn perforation(&mut self, x: f32, y: f32, length: f32, colour: Colour) {
        let points = [x, x + length].map(|x| LinePoint { p: self.point(x, y), bezier: false }).into();
        self.ops.extend([
            Op::SetOutlineColor { col: rgb(colour) },
            Op::SetOutlineThickness { pt: Pt(0.8) },
            Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[3.0, 3.0]) },
            Op::DrawLine { line: Line { points, is_closed: false } },
        ]);
    }

    /// One line of text on the baseline `y`, as wide as it is.
    pub fn line(&mut self, text: &str, x: f32, y: f32, style: Style) {
        self.baseline(&fonts::printable(text), x, y, style);
    }

    /// Text in an area, from its top: wrapped, and made smaller until it fits. What is too long even at 4 points ends in
    /// an ellipsis.
    pub fn text(&mut self, text: &str, area: Area, mut style: Style) {
        let text = fonts::printable(text);
        let (w, h) = (area.w * POINTS_MM, area.h * POINTS_MM);
        let mut lines = fonts::wrap(&text, style.weight, style.size, w);
        while lines.len() as f32 * style.size * LEADING > h && style.size > 4.0 {
            style.size = (style.size * 0.9).max(4.0);
            lines = fonts::wrap(&text, style.weight, style.size, w);
        }
        let fitting = (h / (style.size * LEADING)).floor().max(1.0) as usize;
        if lines.len() > fitting {
            lines.truncate(fitting);
            if let Some(last) = lines.last_mut() {
                last.pop();
                last.push('…');
            }
        }
        for (at, line) in lines.iter().enumerate() {
            let y = area.y + style.size * (0.8 + LEADING * at as f32) / POINTS_MM;
            self.baseline(line, area.x, y, style);
        }
    }

    fn baseline(&mut self, text: &str, x: f32, y: f32, style: Style) {
        self.ops.push(Op::SetFillColor { col: rgb(style.colour) });
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextCursor { pos: self.point(x, y) });
        for (face, piece) in fonts::pieces(text, style.weight) {
            let font = self.embedded.handle(self.document, face);
            self.ops.push(Op::SetFont { font, size: Pt(style.size) });
            self.ops.push(Op::ShowText { items: vec![TextItem::Text(piece)] });
        }
        self.ops.push(Op::EndTextSection);
    }

    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: Mm(x).into(), y: Mm(self.height_mm - y).into() }
    }
}

fn rgb(colour: Colour) -> Color {
    let part = |shift: u32| (colour >> shift & 0xff) as f32 / 255.0;
    Color::Rgb(Rgb::new(part(16), part(8), part(0), None))
}
