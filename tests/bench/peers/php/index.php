<?php
// The same API in plain PHP 8.2, one file and no framework: a persistent PDO
// connection, password_hash, and the HS256 that Debian has no package for.
declare(strict_types=1);

const ACCESS_TTL = 900;
const REFRESH_TTL = 1296000;
const SESSIONS_MAX = 16;
const ATTEMPTS = 5;

final class Refusal extends Exception {}

// --- Tokens: compact JWS (RFC 7515, 7.1), HS256 ---

function base64url(string $bytes): string
{
	return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function base64url_decode(string $text): string
{
	return (string) base64_decode(strtr($text, '-_', '+/'), true);
}

function token_sign(array $claims, string $secret, int $ttl): string
{
	$now = time();
	$claims += ['iat' => $now, 'exp' => $now + $ttl];
	$text = base64url('{"alg":"HS256","typ":"JWT"}') . '.'
		. base64url(json_encode($claims, JSON_THROW_ON_ERROR));
	return $text . '.' . base64url(hash_hmac('sha256', $text, $secret, true));
}

function token_verify(string $token, string $secret): array
{
	$parts = explode('.', $token);
	if (count($parts) !== 3)
		throw new Refusal('jwt malformed', 401);
	$header = json_decode(base64url_decode($parts[0]), true);
	$mac = hash_hmac('sha256', "$parts[0].$parts[1]", $secret, true);
	if (($header['alg'] ?? '') !== 'HS256'
	    || !hash_equals($mac, base64url_decode($parts[2])))
		throw new Refusal('invalid signature', 401);
	$claims = json_decode(base64url_decode($parts[1]), true);
	if (!is_string($claims['_id'] ?? null) || !is_string($claims['sid'] ?? null)
	    || !is_int($claims['exp'] ?? null))
		throw new Refusal('invalid token', 401);
	if ($claims['exp'] <= time())
		throw new Refusal('jwt expired', 401);
	return $claims;
}

function tokens_mint(array $user, string $sid): array
{
	return [
		'accessToken' => token_sign(
			['_id' => $user['id'], 'sid' => $sid, 'email' => $user['email']],
			getenv('ACCESS_TOKEN_SECRET'), ACCESS_TTL),
		'refreshToken' => token_sign(
			['_id' => $user['id'], 'sid' => $sid,
				'jti' => bin2hex(random_bytes(32))],
			getenv('REFRESH_TOKEN_SECRET'), REFRESH_TTL),
	];
}

// --- Users, and the sessions in their rows ---

// What is prepared stays on the server's side no longer than a request, so a
// prepare would only be one more round trip: PDO's own default, which quotes.
function run(string $sql, array $values): PDOStatement
{
	static $pdo = null;
	$pdo ??= new PDO(
		sprintf('mysql:unix_socket=%s;dbname=%s;charset=utf8mb4',
			getenv('DB_SOCKET'), getenv('DB_NAME')),
		getenv('DB_USER'), getenv('DB_PASSWORD'),
		[PDO::ATTR_PERSISTENT => true,
			PDO::ATTR_EMULATE_PREPARES => getenv('PDO_NATIVE') !== '1',
			PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC]);
	$statement = $pdo->prepare($sql);
	$statement->execute($values);
	return $statement;
}

function user_find(string $columns, string $key, string $value): array
{
	return run("SELECT $columns FROM peer_users WHERE $key = ?", [$value])->fetch()
		?: throw new Refusal('User not found', 404);
}

function iso(string $time): string
{
	return str_replace(' ', 'T', $time) . 'Z';
}

function user_shown(array $user): array
{
	return ['_id' => $user['id'], 'email' => $user['email'],
		'createdAt' => iso($user['created_at']),
		'updatedAt' => iso($user['updated_at'])];
}

// UUIDv7 (RFC 9562, 5.7): new rows go to the end of the table.
function uuid(): string
{
	$bytes = substr(pack('J', (int) (microtime(true) * 1000)), 2) . random_bytes(10);
	$bytes[6] = chr(0x70 | ord($bytes[6]) & 0x0f);
	$bytes[8] = chr(0x80 | ord($bytes[8]) & 0x3f);
	return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
}

function sessions_store(array $user, array $sessions): bool
{
	return run('UPDATE peer_users SET refresh_token = ?'
		. ' WHERE id = ? AND refresh_token <=> ?',
		[json_encode($sessions, JSON_THROW_ON_ERROR), $user['id'],
			$user['refresh_token']])->rowCount() === 1;
}

function sessions_of(array $user): array
{
	return json_decode($user['refresh_token'] ?? '{}', true, 16, JSON_THROW_ON_ERROR);
}

// --- Requests ---

function body(): array
{
	if (!str_starts_with($_SERVER['CONTENT_TYPE'] ?? '', 'application/json'))
		return $_POST;
	$fields = json_decode((string) file_get_contents('php://input'), true);
	return is_array($fields) ? $fields : throw new Refusal('Invalid JSON body', 400);
}

function credentials(string $missing): array
{
	$fields = body();
	if (!is_string($fields['email'] ?? null) || !is_string($fields['password'] ?? null)
	    || $fields['email'] === '' || $fields['password'] === '')
		throw new Refusal($missing, 400);
	return [strtolower($fields['email']), $fields['password']];
}

function guard(): array
{
	$token = $_COOKIE['accessToken'] ?? preg_replace('/^Bearer /i', '',
		$_SERVER['HTTP_AUTHORIZATION'] ?? '');
	if ($token === '')
		throw new Refusal('Token not found', 401);
	$claims = token_verify($token, getenv('ACCESS_TOKEN_SECRET'));
	$user = run('SELECT id, email, created_at, updated_at,'
		. ' JSON_EXISTS(refresh_token, ?) AS alive FROM peer_users WHERE id = ?',
		['$."' . $claims['sid'] . '"', $claims['_id']])->fetch();
	if (!$user)
		throw new Refusal('User not found', 404);
	if (!$user['alive'])
		throw new Refusal('Session has ended', 401);
	return $user;
}

function send(int $status, array $body): void
{
	http_response_code($status);
	header('Content-Type: application/json; charset=utf-8');
	$text = json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
	header('Content-Length: ' . strlen($text));
	echo $text;
}

function send_tokens(array $tokens, array $body): void
{
	$options = ['secure' => true, 'httponly' => true, 'samesite' => 'Lax'];
	setcookie('accessToken', $tokens['accessToken'],
		$options + ['path' => '/', 'expires' => time() + ACCESS_TTL]);
	setcookie('refreshToken', $tokens['refreshToken'], $options
		+ ['path' => '/api/v1/users', 'expires' => time() + REFRESH_TTL]);
	send(200, $body);
}

function greet(): void
{
	header('Content-Length: 12');
	echo 'Hello World!';
}

function register(): void
{
	[$email, $password] = credentials('Email and password required');
	$now = (new DateTimeImmutable('now', new DateTimeZone('UTC')))
		->format('Y-m-d H:i:s.v');
	$user = ['id' => uuid(), 'email' => $email,
		'created_at' => $now, 'updated_at' => $now];
	$hash = password_hash($password, PASSWORD_BCRYPT,
		['cost' => (int) (getenv('BCRYPT_COST') ?: 10)]);
	try {
		run('INSERT INTO peer_users (id, email, password, created_at, updated_at)'
			. ' VALUES (?, ?, ?, ?, ?)',
			[$user['id'], $email, $hash, $now, $now]);
	} catch (PDOException $e) {
		throw $e->getCode() === '23000'
			? new Refusal('User already exists', 400) : $e;
	}
	send(201, ['user' => user_shown($user),
		'message' => 'User created successfully']);
}

function login(): void
{
	[$email, $password] = credentials('Email and password are required');
	$user = user_find('*', 'email', $email);
	if (!password_verify($password, $user['password']))
		throw new Refusal('Incorrect password', 401);
	$tokens = session_open($user);
	send_tokens($tokens, ['user' => user_shown($user), ...$tokens,
		'message' => 'Logged in successfully']);
}

function session_open(array $user): array
{
	for ($tries = 0; $tries < ATTEMPTS; $tries++) {
		$sessions = sessions_of($user);
		$sid = uuid();
		$tokens = tokens_mint($user, $sid);
		uasort($sessions, fn($a, $b) => end($a['rotated']) <=> end($b['rotated']));
		$sessions = array_slice($sessions, 1 - SESSIONS_MAX);
		$sessions[$sid] = ['hash' => hash('sha256', $tokens['refreshToken']),
			'opened' => time(), 'rotated' => [time()],
			'agent' => $_SERVER['HTTP_USER_AGENT'] ?? '',
			'ip' => $_SERVER['REMOTE_ADDR']];
		if (sessions_store($user, $sessions))
			return $tokens;
		$user = user_find('id, email, refresh_token', 'id', $user['id']);
	}
	throw new Refusal('Service unavailable', 503);
}

// Of all that race with one refresh token, one rotates it.
function refresh(): void
{
	$token = $_COOKIE['refreshToken'] ?? body()['refreshToken'] ?? '';
	if (!is_string($token) || $token === '')
		throw new Refusal('Refresh token not found', 401);
	$claims = token_verify($token, getenv('REFRESH_TOKEN_SECRET'));
	$user = user_find('id, email, refresh_token', 'id', $claims['_id']);
	$sessions = sessions_of($user);
	$sid = $claims['sid'];
	if (($sessions[$sid]['hash'] ?? '') !== hash('sha256', $token))
		throw new Refusal('Refresh token is incorrect', 401);
	$tokens = tokens_mint($user, $sid);
	$sessions[$sid]['hash'] = hash('sha256', $tokens['refreshToken']);
	$sessions[$sid]['rotated'] = [time()];
	if (!sessions_store($user, $sessions))
		throw new Refusal('Refresh token is incorrect', 401);
	send_tokens($tokens, [...$tokens, 'message' => 'Access token refreshed']);
}

function member(string $path): void
{
	guard();
	$file = getenv('STATIC_DIR') . '/' . basename($path);
	if (!is_file($file))
		throw new Refusal('Not found', 404);
	header('Content-Type: text/html; charset=utf-8');
	header('Content-Length: ' . filesize($file));
	readfile($file);
}

function route(string $method, string $path): void
{
	match ("$method $path") {
		'GET /' => greet(),
		'GET /api/v1/users/me' => send(200, ['user' => user_shown(guard())]),
		'POST /api/v1/users/register' => register(),
		'POST /api/v1/users/login' => login(),
		'POST /api/v1/users/refresh-token' => refresh(),
		default => str_starts_with($path, '/members/') ? member($path)
			: throw new Refusal('Not found', 404),
	};
}

try {
	route($_SERVER['REQUEST_METHOD'], strtok($_SERVER['REQUEST_URI'], '?'));
} catch (Refusal $e) {
	send($e->getCode(), ['message' => $e->getMessage()]);
} catch (Throwable $e) {
	error_log((string) $e);
	send(500, ['message' => 'Something went wrong']);
}
