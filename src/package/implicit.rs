//! The methods of the small entry: the implicit grant, and the header `Authorization`.

use super::login::{finish, look_up, put_token, refused, start};
use super::registered::{client, places};
use super::status::{Failure, Method, status};
use super::wire::{Call, Reply};
use crate::authorization::request::Flow;
use crate::registration::client::Client;
use crate::resource::allowlist::find;
use crate::resource::resource::Resource;
use crate::syntax::arena::Arena;
use crate::syntax::form::Slots;
use crate::syntax::grammar::number;
use crate::syntax::url::Url;
use crate::token::token::{MARGIN_SECONDS, check_usable};

pub(super) fn serve<'a>(
    method: Method,
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    match method {
        Method::CHECK_RESOURCES => {
            for at in places(call) {
                Resource::new(Url::of(call.text(at)))?;
            }
            Ok(status::DONE)
        }
        Method::AUTHORIZE => {
            let resources = places(call).map(|at| Resource::at(Url::of(call.text(at))));
            find(resources, &Url::of(call.text(0)))?;
            check_usable(call.has(1), number(call.text(2)), call.now)?;
            Ok(status::DONE)
        }
        _ => serve_client(method, call, &client(call)?, reply, arena),
    }
}

/// The methods that are a client's.
fn serve_client<'a>(
    method: Method,
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    match method {
        Method::CHECK_CLIENT => Ok(status::DONE),
        Method::START => start(call, client, &Flow::Token, b"", reply, arena),
        Method::FINISH => {
            let slots = &mut Slots::default();
            let found = look_up(call, client, slots, arena);
            finish(
                call,
                client,
                &found,
                false,
                reply,
                arena,
                |verified, reply, arena| {
                    let token = verified.token(client, call.now, arena);
                    let token = token.map_err(|error| refused(error, verified, reply, arena))?;
                    put_token(&token, token.usable_until(MARGIN_SECONDS), reply, arena);
                    Ok(status::TOKEN)
                },
            )
        }
        _ => Err(Failure::UNKNOWN),
    }
}
