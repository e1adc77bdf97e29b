//! The methods of the small entry: the implicit grant, and the header `Authorization`.

use super::login::{finish, look_up, put_kept, put_token, start};
use super::registered::{client, groups};
use super::status::{Failure, Method, status};
use super::wire::{Call, Reply};
use crate::authorization::request::Flow;
use crate::authorization::response::Response;
use crate::error::Error;
use crate::login::answer::{Granted, Grants};
use crate::login::record::Record;
use crate::registration::client::Client;
use crate::resource::allowlist::find;
use crate::resource::resource::Resource;
use crate::syntax::arena::Arena;
use crate::syntax::grammar::number;
use crate::syntax::url::Url;
use crate::token::token::{MARGIN_SECONDS, Token, check_usable};

/// What a client is granted that asks for tokens alone.
struct Tokens<'c>(&'c Client<'c>);

impl<'a> Grants<'a> for Tokens<'_> {
    type Granted = Token<'a>;
    const KNOWS_CODES: bool = false;

    fn grant(
        &self,
        record: &Record<'a>,
        response: &Response<'a>,
        now: u64,
    ) -> Result<Token<'a>, Error> {
        response.token(self.0, record.members.scope(), now)
    }
}

pub(super) fn serve<'a>(
    method: Method,
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    match method {
        Method::CHECK_CLIENT => {
            client(call)?;
            Ok(status::DONE)
        }
        Method::CHECK_RESOURCES => {
            for at in groups(*call, 1) {
                Resource::new(Url::of(call.text(at)))?;
            }
            Ok(status::DONE)
        }
        Method::START => start(call, &client(call)?, &Flow::Token, b"", reply, arena),
        Method::FINISH => {
            let client = client(call)?;
            let found = look_up(call, &client, arena);
            match finish(call, &client, &Tokens(&client), &found, reply, arena)? {
                None => Ok(status::NOTHING),
                Some(Granted { granted, record }) => {
                    put_kept(&record.kept(), reply);
                    let usable_until = granted.usable_until(MARGIN_SECONDS);
                    put_token(&granted, usable_until, reply, arena);
                    Ok(status::TOKEN)
                }
            }
        }
        Method::AUTHORIZE => {
            let resources = groups(*call, 1).map(|at| Resource::at(Url::of(call.text(at))));
            find(resources, &Url::of(call.text(0)))?;
            check_usable(call.has(1), number(call.text(2)), call.now)?;
            Ok(status::DONE)
        }
        _ => Err(Failure::UNKNOWN),
    }
}
