//! Where a shape is: affine transforms and bounding boxes after SVG 1.1, chapters 7 and 8.

use super::tree::{Child, Node, Tree};

/// `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f64; 6]);

/// A rectangle by its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Matrix {
    /// Leaves everything where it is.
    pub const UNIT: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `inner`, then this.
    pub fn around(self, inner: Matrix) -> Matrix {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = inner.0;
        Matrix([
            a * p + c * q,
            b * p + d * q,
            a * r + c * s,
            b * r + d * s,
            a * t + c * u + e,
            b * t + d * u + f,
        ])
    }

    /// Where a point goes.
    pub fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    fn moved(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The transform of an element; what cannot be read changes nothing.
    pub fn of(node: &Node) -> Matrix {
        let listed = node.attribute("transform").map_or(Matrix::UNIT, Matrix::parse);
        match node.name {
            "use" => {
                let at = |name| node.number(name).unwrap_or(0.0);
                listed.around(Matrix::moved(at("x"), at("y")))
            }
            _ => listed,
        }
    }

    /// A list of transforms such as `translate(10 20) rotate(45)`.
    pub fn parse(list: &str) -> Matrix {
        list.split(')').filter_map(|call| call.split_once('(')).fold(
            Matrix::UNIT,
            |all, (name, arguments)| {
                let n = numbers(arguments);
                all.around(
                    Matrix::one(name.trim_matches(|c: char| c.is_whitespace() || c == ','), &n)
                        .unwrap_or(Matrix::UNIT),
                )
            },
        )
    }

    fn one(name: &str, n: &[f64]) -> Option<Matrix> {
        let second = |default| n.get(1).copied().unwrap_or(default);
        let first = *n.first()?;
        Some(match name {
            "matrix" => Matrix(n.get(..6)?.try_into().ok()?),
            "translate" => Matrix::moved(first, second(0.0)),
            "scale" => Matrix([first, 0.0, 0.0, second(first), 0.0, 0.0]),
            "skewX" => Matrix([1.0, 0.0, first.to_radians().tan(), 1.0, 0.0, 0.0]),
            "skewY" => Matrix([1.0, first.to_radians().tan(), 0.0, 1.0, 0.0, 0.0]),
            "rotate" => {
                let (sin, cos) = first.to_radians().sin_cos();
                let turn = Matrix([cos, sin, -sin, cos, 0.0, 0.0]);
                match n {
                    [_, x, y, ..] => Matrix::moved(*x, *y).around(turn).around(Matrix::moved(-x, -y)),
                    _ => turn,
                }
            }
            _ => return None,
        })
    }
}

impl Bounds {
    /// The rectangle that these points span; `None` without a finite one.
    pub fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Bounds> {
        let finite = points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        finite.fold(None, |all: Option<Bounds>, (x, y)| {
            let all = all.unwrap_or(Bounds { left: x, top: y, right: x, bottom: y });
            Some(Bounds {
                left: all.left.min(x),
                top: all.top.min(y),
                right: all.right.max(x),
                bottom: all.bottom.max(y),
            })
        })
    }

    /// Its middle.
    pub fn middle(self) -> (f64, f64) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// Whether a point lies in it.
    pub fn holds(self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Its corners.
    pub fn corners(self) -> [(f64, f64); 4] {
        [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
    }
}

/// What a shape or a group covers in its own coordinates, before its transform. Curves count with their control points.
pub fn bounds(tree: &Tree, index: usize) -> Option<Bounds> {
    let node = &tree.nodes[index];
    let n = |name| node.number(name).unwrap_or(0.0);
    match node.name {
        "rect" => Bounds::of([(n("x"), n("y")), (n("x") + n("width"), n("y") + n("height"))]),
        "circle" => round(n("cx"), n("cy"), n("r"), n("r")),
        "ellipse" => round(n("cx"), n("cy"), n("rx"), n("ry")),
        "line" => Bounds::of([(n("x1"), n("y1")), (n("x2"), n("y2"))]),
        "polyline" | "polygon" => Bounds::of(pairs(&numbers(node.attribute("points").unwrap_or_default()))),
        "path" => Bounds::of(path(node.attribute("d").unwrap_or_default())),
        "use" => {
            // What it shows holds no other `use`, so this goes one step.
            moved(tree, *tree.ids.get(node.target()?)?)
        }
        "g" | "symbol" => {
            let parts = node.children.iter().filter_map(|child| match child {
                Child::Node(part) => moved(tree, *part),
                Child::Text(_) => None,
            });
            Bounds::of(parts.flat_map(Bounds::corners))
        }
        _ => None,
    }
}

fn moved(tree: &Tree, index: usize) -> Option<Bounds> {
    let matrix = Matrix::of(&tree.nodes[index]);
    Bounds::of(bounds(tree, index)?.corners().map(|corner| matrix.apply(corner)))
}

fn round(x: f64, y: f64, rx: f64, ry: f64) -> Option<Bounds> {
    Bounds::of([(x - rx, y - ry), (x + rx, y + ry)])
}

fn pairs(numbers: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    numbers.chunks_exact(2).map(|pair| (pair[0], pair[1]))
}

/// Numbers as SVG writes them: `1,2 -3.5.5e1` are four.
pub fn numbers(text: &str) -> Vec<f64> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let (mut has_point, mut has_exponent) = (false, false);
        while let Some(byte) = bytes.get(at) {
            let may_sign = at == start || matches!(bytes[at - 1], b'e' | b'E');
            match byte {
                b'0'..=b'9' => {}
                b'+' | b'-' if may_sign => {}
                b'.' if !has_point && !has_exponent => has_point = true,
                b'e' | b'E' if !has_exponent && at > start => has_exponent = true,
                _ => break,
            }
            at += 1;
        }
        // `start` may stand within a letter of several bytes, which is no number.
        match text.get(start..at).and_then(|number| number.parse().ok()) {
            Some(number) => found.push(number),
            None if at == start => at += 1,
            None => {}
        }
    }
    found
}

/// The corners and control points of path data.
fn path(data: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let mut start = (0.0, 0.0);
    let letters: Vec<usize> = data
        .bytes()
        .enumerate()
        .filter(|(_, b)| b"MmLlHhVvCcSsQqTtAaZz".contains(b))
        .map(|(at, _)| at)
        .collect();
    for (i, at) in letters.iter().enumerate() {
        let end = letters.get(i + 1).copied().unwrap_or(data.len());
        let letter = data.as_bytes()[*at];
        let n = numbers(&data[at + 1..end]);
        let is_relative = letter.is_ascii_lowercase();
        let width = match letter.to_ascii_uppercase() {
            b'H' | b'V' => 1,
            b'C' => 6,
            b'S' | b'Q' => 4,
            b'A' => 7,
            b'Z' => {
                (x, y) = start;
                continue;
            }
            _ => 2,
        };
        for (step, arguments) in n.chunks_exact(width).enumerate() {
            let (ox, oy) = if is_relative { (x, y) } else { (0.0, 0.0) };
            match letter.to_ascii_uppercase() {
                b'H' => x = ox + arguments[0],
                b'V' => y = oy + arguments[0],
                b'A' => (x, y) = (ox + arguments[5], oy + arguments[6]),
                _ => {
                    let controls = pairs(arguments).map(|(cx, cy)| (ox + cx, oy + cy));
                    points.extend(controls);
                    (x, y) = points.last().copied().unwrap_or((x, y));
                }
            }
            points.push((x, y));
            if matches!(letter, b'M' | b'm') && step == 0 {
                start = (x, y);
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_into_each_other() {
        assert_eq!(numbers("1,2 -3.5.5e1"), [1.0, 2.0, -3.5, 5.0]);
        assert_eq!(numbers("10-20+30"), [10.0, -20.0, 30.0]);
        assert_eq!(numbers("e . - 7"), [7.0]);
    }

    #[test]
    fn transforms_are_done_from_the_right() {
        let matrix = Matrix::parse("translate(10, 20) scale(2) rotate(90)");
        let (x, y) = matrix.apply((1.0, 0.0));
        assert!((x - 10.0).abs() < 1e-9 && (y - 22.0).abs() < 1e-9, "{x} {y}");
        let about = Matrix::parse("rotate(180 5 5)").apply((0.0, 0.0));
        assert!((about.0 - 10.0).abs() < 1e-9 && (about.1 - 10.0).abs() < 1e-9);
        assert_eq!(Matrix::parse("wobble(3) nonsense"), Matrix::UNIT);
    }

    #[test]
    fn a_path_is_where_its_points_are() {
        let around = |data| Bounds::of(path(data)).unwrap();
        let square = Bounds { left: 10.0, top: 10.0, right: 14.0, bottom: 13.0 };
        assert_eq!(around("M10 10h4v3h-4z"), square);
        assert_eq!(around("m10,10 4,0 0,3 -4,0z"), square);
        assert_eq!(around("M10 10L14 10 14 13 10 13Z"), square);
        assert_eq!(around("M10 10A2 2 0 0 1 14 13"), square);
    }
}
