"""The endpoints that answer posts and users by their ids or names."""

from xbot_pipelines.practice.api.answers import list_of_posts, list_of_users, nothing, one_post, one_user, seen
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.problems import not_found


def posts_by_ids(call: Call) -> Answer:
    """`GET /2/tweets?ids=`: up to a hundred posts; what cannot be seen is an error beside them."""
    posts, errors = seen(call, call.parameters.ids("ids"), "ids")
    return list_of_posts(call, posts, errors)


def post_by_id(call: Call) -> Answer:
    """`GET /2/tweets/{id}`."""
    posts, errors = seen(call, [call.id()], "id")
    return one_post(call, posts[0]) if posts else nothing(*errors)


def me(call: Call) -> Answer:
    """`GET /2/users/me`: the caller."""
    return one_user(call, call.caller)


def user_by_id(call: Call) -> Answer:
    """`GET /2/users/{id}`."""
    try:
        return one_user(call, call.world.person(call.id()))
    except KeyError:
        return nothing(not_found("user", "id", call.path["id"]))


def user_by_username(call: Call) -> Answer:
    """`GET /2/users/by/username/{username}`."""
    username = call.path["username"]
    person = call.world.person_by_handle(username)
    return nothing(not_found("user", "username", username)) if person is None else one_user(call, person)


def users_by_usernames(call: Call) -> Answer:
    """`GET /2/users/by?usernames=`: up to a hundred users; who is not there is an error beside them."""
    found = {name: call.world.person_by_handle(name) for name in call.parameters.usernames("usernames")}
    people = {person.id: person for person in found.values() if person is not None}
    missing = [not_found("user", "usernames", name) for name, person in found.items() if person is None]
    return list_of_users(call, list(people.values()), missing)
