//! The files of one resource.

use askama::Template;

use super::draft::{Draft, NotRust, rust};
use super::view::ResourceView;
use crate::definition::{Definition, Format};
use crate::workspace::Domain;

/// Every file of `definition`.
pub(super) fn files(domain: &Domain, definition: &Definition) -> Result<Vec<Draft>, NotRust> {
    let view = ResourceView::of(definition);
    let module = definition.module();
    let base = format!("{}/src/generated/{module}", domain.dir);
    let mut files = vec![
        rust(format!("{base}.rs"), &ModuleTemplate { r: &view })?,
        rust(format!("{base}/attributes.rs"), &AttributesTemplate { r: &view })?,
        rust(format!("{base}/errors.rs"), &ErrorsTemplate { r: &view })?,
        rust(format!("{base}/routes.rs"), &RoutesTemplate { r: &view })?,
        rust(format!("{base}/api.rs"), &ApiTemplate { r: &view })?,
        rust(format!("{base}/handlers.rs"), &HandlersTemplate { r: &view })?,
        rust(format!("{base}/mount.rs"), &MountTemplate { r: &view })?,
    ];
    match definition.format {
        Format::JsonApi | Format::Json { .. } if !view.has_documents() => {}
        Format::JsonApi => files.push(rust(format!("{base}/documents.rs"), &DocumentsTemplate { r: &view })?),
        Format::Json { .. } => files.push(rust(format!("{base}/documents.rs"), &PlainTemplate { r: &view })?),
        Format::Form | Format::Page => {}
    }
    if view.storage.is_some() {
        files.push(rust(format!("{base}/storage.rs"), &StorageTemplate { r: &view })?);
    }
    if !view.relations.is_empty() || !view.targets.is_empty() {
        files.push(rust(format!("{base}/relations.rs"), &RelationsTemplate { r: &view })?);
    }
    Ok(files)
}

#[derive(Template)]
#[template(path = "module.rs.txt", escape = "none", syntax = "rust")]
struct ModuleTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "attributes.rs.txt", escape = "none", syntax = "rust")]
struct AttributesTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "errors.rs.txt", escape = "none", syntax = "rust")]
struct ErrorsTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "mount.rs.txt", escape = "none", syntax = "rust")]
struct MountTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "routes.rs.txt", escape = "none", syntax = "rust")]
struct RoutesTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "api.rs.txt", escape = "none", syntax = "rust")]
struct ApiTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "handlers.rs.txt", escape = "none", syntax = "rust")]
struct HandlersTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "documents.rs.txt", escape = "none", syntax = "rust")]
struct DocumentsTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "plain.rs.txt", escape = "none", syntax = "rust")]
struct PlainTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "storage.rs.txt", escape = "none", syntax = "rust")]
struct StorageTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "relations.rs.txt", escape = "none", syntax = "rust")]
struct RelationsTemplate<'a> {
    r: &'a ResourceView,
}
