//! What every operation of the API answers besides its own: written once, put into the OpenAPI documents here.

use axum::http::Method;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, AllOf, Schema};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// The media type of problem documents.
const PROBLEM: &str = "application/problem+json";

/// Refusals that several operations have in common: status, name among the components, what it means.
const COMMON: [(&str, &str, &str); 14] = [
    (
        "400",
        "BadRequest",
        "The request could not be read: `bad-request`, `malformed-json`, `bad-encoding`, …",
    ),
    ("401", "Unauthorized", "`login-required`, `invalid-token`"),
    ("403", "Forbidden", "`not-allowed`"),
    ("404", "NotFound", "`not-found`: nothing there, or not yours"),
    ("406", "NotAcceptable", "`not-acceptable`: the answer is of none of the types in Accept"),
    ("408", "Timeout", "`timeout`: the body took too long to arrive"),
    ("413", "TooLarge", "`too-large`"),
    ("414", "UriTooLong", "`uri-too-long`"),
    ("415", "MediaType", "`media-type`, `encoding-not-supported`"),
    ("421", "Misdirected", "`unknown-host`"),
    ("422", "Invalid", "`validation` and its kin; `errors` has pointers into the body or the query"),
    ("429", "SlowDown", "`slow-down`; see Retry-After"),
    ("431", "HeadersTooLarge", "`headers-too-large`"),
    ("503", "Unavailable", "`unavailable`, `restarting`; see Retry-After"),
];

/// What other statuses mean, where an operation has no words of its own for them.
const MEANINGS: [(&str, &str); 9] = [
    ("200", "What was asked for"),
    ("201", "It was made"),
    ("202", "It was accepted, and is done in a moment"),
    ("204", "It is done"),
    ("304", "It is as `If-None-Match` says"),
    ("402", "`payment-failed`; `detail` says why"),
    ("409", "It does not go together with how things stand, such as `wrong-state`; `detail` says what to do"),
    ("410", "It is over and does not come back"),
    ("412", "`changed-meanwhile`"),
];

/// Statuses that every operation answers: the server refuses before the operation is asked.
const ALWAYS: [&str; 9] = ["400", "406", "413", "414", "415", "421", "422", "431", "503"];

/// The operations of a path.
pub fn operations(item: &PathItem) -> Vec<(Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?))).collect()
}

/// Completes a document made from handlers: problem documents get their media type, and each operation the refusals that
/// follow from what it is (it reads a body, asks for a login, names a thing in its path, …).
pub fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        all.into_iter().flatten().for_each(complete_operation);
    }
    let components = document.components.get_or_insert_with(Components::new);
    open_parts(components);
    for (_, name, description) in COMMON {
        let response = ResponseBuilder::new().description(description).content(PROBLEM, problem()).build();
        components.responses.insert(name.to_owned(), RefOr::T(response));
    }
}

fn complete_operation(operation: &mut Operation) {
    let is_in = |place: ParameterIn| {
        let has = |parameter: &RefOr<_>| match parameter {
            RefOr::T(utoipa::openapi::path::Parameter { parameter_in, .. }) => *parameter_in == place,
            RefOr::Ref(_) => false,
        };
        operation.parameters.iter().flatten().any(has)
    };
    let mut answers = ALWAYS.to_vec();
    if is_in(ParameterIn::Path) {
        answers.push("404");
    }
    if operation.security.is_some() {
        answers.extend(["401", "403"]);
    }
    if operation.request_body.is_some() {
        answers.push("408");
    }
    for (status, name, _) in COMMON.iter().filter(|(status, ..)| answers.contains(status)) {
        let common = || RefOr::Ref(Ref::from_response_name(*name));
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(common);
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            response.description = meaning(status).to_owned();
        }
        if status.starts_with('4') || status.starts_with('5') {
            describe_problem(response);
        }
    }
}

/// What a status means by itself.
fn meaning(status: &str) -> &'static str {
    let common = COMMON.iter().map(|(known, _, text)| (known, text));
    let mut all = common.chain(MEANINGS.iter().map(|(known, text)| (known, text)));
    all.find(|(known, _)| **known == status).map_or("See the type of the problem", |(_, text)| *text)
}

/// A schema that allows no further members cannot be a part of another that has more. Where one is, a copy that allows
/// them stands in its place, and the closed one stays for bodies that are sent to us.
fn open_parts(components: &mut Components) {
    let closed: Vec<_> =
        components.schemas.iter().filter_map(|(name, schema)| Some((name.clone(), open(schema)?))).collect();
    for (name, open) in closed {
        let (closed, part) = (Ref::from_schema_name(&name), format!("{name}Part"));
        let mut is_part = false;
        for schema in components.schemas.values_mut() {
            let RefOr::T(Schema::AllOf(AllOf { items, .. })) = schema else { continue };
            for item in items.iter_mut() {
                if matches!(item, RefOr::Ref(known) if known.ref_location == closed.ref_location) {
                    *item = RefOr::Ref(Ref::from_schema_name(&part));
                    is_part = true;
                }
            }
        }
        if is_part {
            components.schemas.insert(part, open);
        }
    }
}

/// A schema that allows no further members, allowing them; `None` for any other.
fn open(schema: &RefOr<Schema>) -> Option<RefOr<Schema>> {
    let RefOr::T(Schema::Object(object)) = schema else { return None };
    let is_closed =
        matches!(object.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)));
    is_closed.then(|| {
        let mut open = object.clone();
        open.additional_properties = None;
        RefOr::T(Schema::Object(open))
    })
}

fn describe_problem(response: &mut Response) {
    response.content.clear();
    response.content.insert(PROBLEM.to_owned(), RefOr::T(problem()));
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name("ProblemDocument")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, PathsBuilder};

    #[test]
    fn every_answer_is_described() {
        let bare = |status: &str| (status.to_owned(), RefOr::T(Response::default()));
        let mut operation = OperationBuilder::new().build();
        operation.responses.responses.extend(["200", "204", "409", "422", "418"].map(bare));
        complete_operation(&mut operation);
        for (status, response) in &operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            assert!(!response.description.is_empty(), "{status}");
        }
    }

    #[test]
    fn a_closed_schema_is_open_where_it_is_a_part_of_another() {
        use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder};
        let closed =
            ObjectBuilder::new().additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
        let whole = AllOfBuilder::new().item(Ref::from_schema_name("Settings")).item(ObjectBuilder::new());
        let mut components = Components::new();
        components.schemas.insert("Settings".to_owned(), RefOr::T(Schema::Object(closed.build())));
        components.schemas.insert("Room".to_owned(), RefOr::T(Schema::AllOf(whole.build())));
        open_parts(&mut components);
        let components = serde_json::to_value(components).unwrap();
        assert_eq!(components["schemas"]["Room"]["allOf"][0]["$ref"], "#/components/schemas/SettingsPart");
        assert!(components["schemas"]["SettingsPart"]["additionalProperties"].is_null());
        assert_eq!(components["schemas"]["Settings"]["additionalProperties"], false);
    }

    #[test]
    fn an_operation_answers_what_follows_from_its_parts() {
        let room = ParameterBuilder::new().name("room").parameter_in(ParameterIn::Path).build();
        let own = ResponseBuilder::new().description("`gone`").build();
        let operation = OperationBuilder::new().parameter(room).response("410", own).build();
        let mut document = OpenApi::default();
        document.paths =
            PathsBuilder::new().path("/rooms/{room}", PathItem::new(HttpMethod::Get, operation)).build();
        complete(&mut document);
        let document = serde_json::to_value(document).unwrap();
        let responses = &document["paths"]["/rooms/{room}"]["get"]["responses"];
        assert_eq!(responses["404"]["$ref"], "#/components/responses/NotFound");
        assert!(responses["410"]["content"][PROBLEM].is_object(), "its own, with its media type");
        assert!(responses["401"].is_null() && responses["408"].is_null(), "no login, no body");
        assert!(document["components"]["responses"]["NotFound"]["content"][PROBLEM].is_object());
    }
}
