//! Parameters of a query: each given once, and each one that the address knows.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::future::{Future, ready};
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use futures_util::future::Either;
use tower::Service;
use utoipa::openapi::path::{ParameterIn, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

use crate::openapi::operations;
use crate::problem::Problem;

/// Reads what stands behind the question mark: 400 `bad-encoding` for what is not UTF-8, 400 `ambiguous-parameter` for
/// one given twice, 422 `unknown-parameter` for one that is not in `known`.
pub fn read(query: &str, known: &[impl AsRef<str>]) -> Result<BTreeMap<String, String>, Problem> {
    let mut parameters = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if !known.iter().any(|known| known.as_ref() == name) {
            return Err(unknown(known));
        }
        let twice = format!("Give `{name}` once.");
        if parameters.insert(name, value).is_some() {
            let problem =
                Problem::new(StatusCode::BAD_REQUEST, "ambiguous-parameter", "A parameter stands twice");
            return Err(problem.detail(twice));
        }
    }
    Ok(parameters)
}

fn unknown(known: &[impl AsRef<str>]) -> Problem {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let detail = match known.as_slice() {
        [] => "This address takes no parameters.".to_owned(),
        known => format!("This address knows the parameters {}.", known.join(", ")),
    };
    Problem::invalid("", "unknown-parameter", detail)
}

/// Percent-decodes, with `+` for a space as forms write it.
fn decode(text: &str) -> Result<String, Problem> {
    let text = if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
    decoded.map(Cow::into_owned).map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, "bad-encoding", "The query could not be read")
            .detail("Percent-encode the parameters as UTF-8.")
    })
}

/// The parameters of each operation, as its OpenAPI document lists them.
#[derive(Clone)]
pub struct Listed(Arc<HashMap<(Method, String), Vec<String>>>);

impl Listed {
    /// Those of a whole document.
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(Arc::new(paths.flat_map(|(path, item)| of_path(path, item)).collect()))
    }

    /// What `site` answers, which is asked before this returns; it is not asked, and the answer is as [`read`] has it, where the
    /// query has parameters that the operation does not list, so that a misspelt filter is not an answer to another question.
    pub fn guard(
        &self,
        site: &mut Route,
        request: Request,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        match self.check(&request) {
            Ok(()) => Either::Left(site.call(request)),
            Err(refused) => Either::Right(ready(Ok(refused.into_response()))),
        }
    }

    fn check(&self, request: &Request) -> Result<(), Problem> {
        let path = || request.extensions().get::<MatchedPath>();
        if let Some(query) = request.uri().query()
            && let Some(path) = path()
            && let Some(known) = self.0.get(&(request.method().clone(), path.as_str().to_owned()))
        {
            read(query, known)?;
        }
        Ok(())
    }
}

fn of_path(path: &str, item: &PathItem) -> Vec<((Method, String), Vec<String>)> {
    let of = |(method, operation): (Method, &utoipa::openapi::path::Operation)| {
        let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
            RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => {
                Some(parameter.name.clone())
            }
            _ => None,
        });
        ((method, path.to_owned()), parameters.collect())
    };
    operations(item).into_iter().map(of).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_single_and_text() {
        let read = |query| read(query, &["q", "sort"]).map_err(|problem| problem.slug());
        let two = read("q=caf%C3%A9+noir&sort=").unwrap();
        assert_eq!((two["q"].as_str(), two["sort"].as_str()), ("café noir", ""));
        assert!(read("").unwrap().is_empty());
        for (query, slug) in [
            ("q=1&q=2", "ambiguous-parameter"),
            ("q=1&%71=2", "ambiguous-parameter"),
            ("q[]=1", "unknown-parameter"),
            ("Q=1", "unknown-parameter"),
            ("=1", "unknown-parameter"),
            ("q=%ff", "bad-encoding"),
            ("q=%c0%ae", "bad-encoding"),
        ] {
            assert_eq!(read(query).unwrap_err(), slug, "{query}");
        }
    }
}
