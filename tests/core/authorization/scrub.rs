//! What the address keeps of a response: rule P17 where the vectors don't reach.

use crate::fixtures::{
    ENDPOINT, NOW, REDIRECT_URI, Store, answer, check_all, client, client_of, same,
};

#[test]
fn rule_p17_a_response_leaves_with_all_that_came_with_it_and_nothing_else_does() {
    let rows = [
        ("?tab=1&q=a%20b+c%2f", "", "?tab=1&q=a%20b+c%2f"),
        (
            "?promocode=X&mystate=1&errors=2&statement=3&State=4",
            "",
            "?promocode=X&mystate=1&errors=2&statement=3&State=4",
        ),
        ("?&&state=attacker&tab=1&iss=y", "", "?&&tab=1"),
        ("", "&foo=1&bar", ""),
        ("", "&foo=%zz%", ""),
        ("", "&=x", ""),
        ("", "&authuser=0&hd=example.com&prompt=none&iat=1", ""),
        ("", "&_=_", ""),
        ("", "&oauth_redirect=javascript%3Aalert(1)", ""),
        (
            "",
            "&scope=x&iss=y&error_description=z&error_uri=u&session_state=w&%69d_token=J&refresh_token=R",
            "",
        ),
    ];
    let client = client();
    let (mut store, _) = Store::with_login(&client);
    check_all(rows, |(query, more, left)| {
        let response = format!("{query}#access_token=AT&token_type=Bearer&state=attacker{more}");
        let handled = store
            .clone()
            .handle(&client, &format!("{REDIRECT_URI}{response}"), NOW);
        same(
            &response,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )
    });
    for rest in ["?tab=1#top", "?&&tab=1#&&top", "?state=CA#state=CA&_", "#_"] {
        let address = format!("{REDIRECT_URI}{rest}");
        let none = store.handle(&client, &address, NOW);
        assert_eq!((none.code(), none.address), ("null", address));
    }
}

#[test]
fn rule_p17_the_redirect_uris_own_query_stays_as_it_is() {
    let own = "https://app.example/cb?&&promocode=X&q=a%20b+c%2f";
    let client = client_of(ENDPOINT, "spa", own);
    let rows = [
        ("{own}&error=x&state={S}&authuser=0", ""),
        ("{own}&state={S}#access_token=AT&token_type=Bearer", ""),
        ("{own}&error=x&state={S}#_=_", ""),
        ("{own}&error=x&state={S}#_", ""),
        ("{own}&error=x&state={S}#/inbox?code=7", "#/inbox?code=7"),
        ("{own}&error=x&state={S}#state=other", "#state=other"),
        ("{own}&error=%zz&state={S}&authuser=0", "&authuser=0"),
    ];
    check_all(rows, |(response, left)| {
        let (mut store, state) = Store::with_login(&client);
        let address = response.replace("{own}", own).replace("{S}", &state);
        let handled = store.handle(&client, &address, NOW);
        same(response, &handled.address, &format!("{own}{left}"))
    });
}

#[test]
fn rule_p17_a_token_in_a_broken_link_is_taken_out_on_the_redirect_uri_only() {
    let rows = [
        ("##access_token=SECRET", ""),
        ("#top&%20access_token=SECRET", ""),
        ("#access%5Ftoken%3DSECRET", ""),
        ("#x;access_token=SECRET", ""),
        ("#/inbox?access_token=SECRET", "#/inbox"),
        ("#/inbox&access_token=SECRET", "#/inbox"),
        ("#/inboxaccess_token=SECRET", "#/inbox"),
        ("#!/inbox?tab=1&access_token=SECRET", "#!/inbox"),
        ("##id_token=SECRET", ""),
    ];
    let client = client();
    check_all(rows, |(fragment, left)| {
        let address = format!("{REDIRECT_URI}{fragment}");
        let handled = Store::default().handle(&client, &address, NOW);
        same(fragment, &handled.code(), &"null")?;
        same(
            fragment,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )?;
        let elsewhere = format!("https://app.example/other{fragment}");
        let handled = Store::default().handle(&client, &elsewhere, NOW);
        same(&elsewhere, &handled.address.as_str(), &elsewhere.as_str())
    });
}

#[test]
fn rule_p17_a_hash_route_is_kept_without_the_response_behind_it() {
    let mut router = client();
    router.set_hash_router(true);
    let rows = [
        (
            "#/cb?access_token=AT&token_type=Bearer&state={S}",
            "ok",
            "#/cb",
        ),
        (
            "#/cb?tab=1&access_token=AT&token_type=Bearer&state={S}&x=2",
            "ok",
            "#/cb?tab=1&x=2",
        ),
        (
            "#!cb?access_token=AT&token_type=Bearer&state={S}",
            "ok",
            "#!cb",
        ),
        ("#/?access_token=AT&token_type=Bearer&state={S}", "ok", "#/"),
        ("#access_token=AT&token_type=Bearer&state={S}", "ok", ""),
        (
            "#/cb?error=access_denied&state={S}",
            "authorization_error",
            "#/cb",
        ),
        ("#/cb?q=access", "null", "#/cb?q=access"),
    ];
    check_all(rows, |(response, code, left)| {
        let handled = answer(&router, response);
        same(response, &handled.code(), code)?;
        same(
            response,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )
    });
}
