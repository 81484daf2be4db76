<?php
// The other side of the profile `spryker`, with nothing but PHP's own cryptography: what a shop's league/oauth2-server,
// lcobucci/jwt and defuse/php-encryption do with our tokens, and what they would make themselves
// (reference/authentication.md §2.1, §2.2, §2.5).
declare(strict_types=1);

[, $base, $user, $password, $keyFile, $secret] = $argv;
const JSON_API = ['Accept: application/vnd.api+json', 'Content-Type: application/vnd.api+json'];

function check(bool $holds, string $what): void
{
    if (!$holds) {
        fwrite(STDERR, "not so: $what\n");
        exit(1);
    }
}

/** @return array{int, mixed} */
function call(string $method, string $url, array $headers, ?array $attributes = null, string $type = ''): array
{
    $body = $attributes === null ? '' : json_encode(['data' => ['type' => $type, 'attributes' => $attributes]]);
    $http = ['method' => $method, 'header' => [...JSON_API, ...$headers], 'content' => $body, 'ignore_errors' => true];
    $text = file_get_contents($url, false, stream_context_create(['http' => $http]));
    return [(int) explode(' ', $http_response_header[0])[1], json_decode($text, true)];
}

function unpacked(string $part): string
{
    return base64_decode(strtr($part, '-_', '+/'));
}

function packed(string $part): string
{
    return rtrim(strtr(base64_encode($part), '+/', '-_'), '=');
}

/** As BearerTokenValidator judges an access token: signature, times, and the claims that it hands on. */
function judged(string $token, OpenSSLAsymmetricKey|string $public): array
{
    [$header, $claims, $signature] = explode('.', $token);
    check(unpacked($header) === '{"typ":"JWT","alg":"RS256"}', 'the header is exactly that of lcobucci/jwt');
    $verified = openssl_verify("$header.$claims", unpacked($signature), $public, OPENSSL_ALGO_SHA256);
    check($verified === 1, 'the shared public key verifies the signature');
    $claims = json_decode(unpacked($claims), true, 512, JSON_THROW_ON_ERROR);
    check($claims['iat'] <= microtime(true) + 1 && $claims['nbf'] <= microtime(true) + 1, 'it is valid already');
    check($claims['exp'] > microtime(true), 'it is valid still');
    check($claims['aud'] === 'frontend' && preg_match('/^[0-9a-f]{80}$/', $claims['jti']) === 1, 'client and id');
    check(is_array($claims['scopes']) && is_string($claims['sub']), 'scopes and subject');
    return $claims;
}

/** As defuse/php-encryption derives its two keys from a password. */
function keys(string $secret, string $salt): array
{
    $key = hash_pbkdf2('sha256', hash('sha256', $secret, true), $salt, 100_000, 32, true);
    return array_map(
        fn (string $purpose) => hash_hkdf('sha256', $key, 32, "DefusePHP|V2|KeyFor$purpose", $salt),
        ['Encryption', 'Authentication'],
    );
}

function decrypted(string $token, string $secret): string
{
    $raw = hex2bin($token);
    check(str_starts_with($raw, "\xDE\xF5\x02\x00"), 'it is a version 2 ciphertext');
    [$salt, $iv, $mac] = [substr($raw, 4, 32), substr($raw, 36, 16), substr($raw, -32)];
    [$encryption, $authentication] = keys($secret, $salt);
    $sealed = hash_hmac('sha256', substr($raw, 0, -32), $authentication, true);
    check(hash_equals($sealed, $mac), 'the ciphertext is authentic');
    return openssl_decrypt(substr($raw, 52, -32), 'aes-256-ctr', $encryption, OPENSSL_RAW_DATA, $iv);
}

function encrypted(string $text, string $secret): string
{
    [$salt, $iv] = [random_bytes(32), random_bytes(16)];
    [$encryption, $authentication] = keys($secret, $salt);
    $cipher = openssl_encrypt($text, 'aes-256-ctr', $encryption, OPENSSL_RAW_DATA, $iv);
    $raw = "\xDE\xF5\x02\x00" . $salt . $iv . $cipher;
    return bin2hex($raw . hash_hmac('sha256', $raw, $authentication, true));
}

$private = openssl_pkey_get_private("file://$keyFile");
$public = openssl_pkey_get_details($private)['key'];

// Ours there.
[$status, $answer] = call('POST', "$base/access-tokens", [], ['username' => $user, 'password' => $password], 'access-tokens');
check($status === 201, 'a login');
$pair = $answer['data']['attributes'];
$claims = judged($pair['accessToken'], $public);
$subject = json_decode($claims['sub'], true, 512, JSON_THROW_ON_ERROR);
check(is_int($subject['id_customer']) && is_string($subject['customer_reference']), 'the subject is a customer');
$text = decrypted($pair['refreshToken'], $secret);
$refresh = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
check($refresh['client_id'] === 'frontend' && $refresh['access_token_id'] === $claims['jti'], 'client and access token');
check($refresh['scopes'] === $claims['scopes'] && $refresh['expire_time'] > time(), 'scopes and end');
check(json_decode($refresh['user_id'], true)['customer_reference'] === $subject['customer_reference'], 'the same customer');
check(preg_match('/^[0-9a-f]{80}$/', $refresh['refresh_token_id']) === 1, 'an id of 40 bytes');

// Theirs here.
$theirs = encrypted($text, $secret);
check($theirs !== $pair['refreshToken'], 'another ciphertext');
[$status, $answer] = call('POST', "$base/refresh-tokens", [], ['refreshToken' => $theirs], 'refresh-tokens');
check($status === 201, "a refresh token that PHP encrypted is exchanged ($status)");
judged($answer['data']['attributes']['accessToken'], $public);
[$status] = call('POST', "$base/refresh-tokens", [], ['refreshToken' => encrypted($text, 'another key')], 'refresh-tokens');
check($status === 401, 'another key is none');

$now = microtime(true);
$signing = packed('{"typ":"JWT","alg":"RS256"}') . '.' . packed(json_encode([
    'aud' => 'frontend', 'jti' => bin2hex(random_bytes(40)), 'iat' => $now, 'nbf' => $now, 'exp' => $now + 3600,
    'sub' => $claims['sub'], 'scopes' => ['customer'],
]));
openssl_sign($signing, $signature, $private, OPENSSL_ALGO_SHA256);
$customer = "$base/customers/{$subject['customer_reference']}";
[$status, $answer] = call('GET', $customer, ["Authorization: Bearer $signing." . packed($signature)]);
check($status === 200 && $answer['data']['attributes']['email'] === $user, "an access token that PHP signed is taken ($status)");
[$status] = call('GET', $customer, ["Authorization: Bearer $signing." . packed(strrev($signature))]);
check($status === 401, 'another signature is none');
echo "PHP: tokens of either side are good on the other\n";
