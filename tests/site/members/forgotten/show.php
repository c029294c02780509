<?php
// Shows what a protected program gets to know.
header('Content-Type: text/plain');
echo "PROTECTED-BYTES of a program\n";
file_put_contents('php://stderr', "show.php was run\n");
foreach ($_SERVER as $name => $value)
	if (is_string($value))
		echo "$name=$value\n";
echo 'body ', md5(file_get_contents('php://input')), "  -\n";
