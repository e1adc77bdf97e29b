// What an argument must be, for the developer who gave another one. A production entry has these texts empty, and
// names the argument alone.
export const BE_A_BOOLEAN = 'be a boolean';
export const BE_A_RESPONSE = 'be a Response';
export const BE_A_STRING = 'be a string';
export const BE_AN_ABORT_SIGNAL = 'be an AbortSignal';
export const BE_AN_ABSOLUTE_URL = 'be an absolute URL';
export const BE_A_SHARE = "be a share of a token's life, such as 0.8";
export const BE_AUDIENCES = 'be an array of texts that are neither empty nor of several lines';
export const BE_CONTEXTS = 'be an array of authentication contexts, without spaces';
export const BE_AN_OBJECT = 'be an object';
export const BE_BEARER = "be 'Bearer'";
export const BE_JSON = 'be a value that JSON can hold';
export const BE_SECONDS = 'be a positive whole number of seconds';
export const BE_SECONDS_OR_0 = 'be a whole number of seconds, 0 or more';
export const BE_SMALL = 'take at most 64 KiB as JSON';
export const BE_URLS = 'be an array of absolute URLs';
export const BE_URLS_OR_OBJECTS = 'be an array of absolute URLs, or of objects with one as url';
export const HAVE_STRINGS = 'have strings, or lists of strings, as values';
// Options with one of a few words.
export const BE_A_FORMAT = "be 'form', 'json' or 'query'";
export const BE_A_RESPONSE_MODE = "be 'query' or 'fragment'";
export const BE_ALWAYS_OR_FRONT_CHANNEL = "be 'always' or 'front-channel'";
export const BE_FRAME_OR_REDIRECT = "be 'frame' or 'redirect'";
export const BE_AN_OPENID_TYPE = "be 'code', 'id_token' or 'id_token token' for the scope openid";
export const BE_AN_AUTH_METHOD = "be 'none', 'client_secret_basic' or 'client_secret_post'";
export const BE_A_TOKEN_STORE = "be 'memory', 'session', 'local', or an object with the functions get, set and remove";
export const BE_SESSION_LOCAL_OR_MEMORY = "be 'session', 'local' or 'memory'";
export const BE_SESSION_OR_LOCAL = "be 'session' or 'local'";
export const BE_TOKEN = "be 'token' here; claviger takes 'code', too, and one with id_token in it, OpenID Connect's, needs claviger/openid";
export const BE_THE_ADD_ON = 'be the add-on of claviger/openid where scope has openid, and nowhere else';
export const BE_TOKEN_OR_CODE = "be 'token' or 'code' here; one with id_token in it, OpenID Connect's, needs claviger/openid";
