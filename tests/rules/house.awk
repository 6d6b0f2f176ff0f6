# The house numbers and bans, read off the text of C files (clang-format has
# made the layout certain: a function's braces stand in the first column, and a
# tab is a level). Usage: awk -f house.awk FILE..., paths from the project root.
# Prints file:line: what is wrong; exits 1 if anything is. It knows no C
# beyond that layout; what the compiler or nm can tell is not checked here.

BEGIN {
	max_function = 60; max_file = 450; max_params = 5; max_nesting = 3; max_columns = 96
	split("base 0 text 1 net 2 proto 3 mail 3 cli 4", r, " ")
	for (i = 1; i in r; i += 2)
		rank[r[i]] = r[i + 1]
	# header -> the files that may include it; any other library header is let
	# through here and is caught by the link (each library is linked to one module).
	only["openssl/"] = "common/net/tls.c common/base/digest.c"
	only["readline/"] = "common/cli/shell_readline.c"
	only["zlib.h"] = "common/text/coding_zlib.c common/net/deflate_zlib.c"
	only["brotli/"] = "common/text/coding_brotli.c"
	only["zstd.h"] = "common/text/coding_zstd.c"
	only["idn2.h"] = "common/text/idn.c"
	only["expat.h"] = "common/text/xml.c"
	only["libpsl.h"] = "common/text/psl.c"
	only["gumbo.h"] = "common/text/html.c"
	only["dlfcn.h"] = "common/base/module.c"
	banned = "strcpy strcat sprintf vsprintf strtok atoi atol atof gets setjmp longjmp alloca"
	heap = "malloc calloc realloc reallocarray strdup strndup asprintf vasprintf"
}

FNR == 1 {
	end_of_file()
	file = FILENAME; is_test = file ~ /^tests\//; in_comment = 0; in_body = 0; head = ""
	guard = ""; n_if = 0
	if ($0 !~ /^\/\*/)
		bad("a file opens with a comment: what it is and what it must not know")
}

{
	last = FNR
	columns($0)
	code = strip($0)
	if (code ~ /^#/)
		directive(code, $0)
	else
		calls(code)
	layout(code)
}

END {
	end_of_file()
	exit failures > 0
}

function bad(what, line) {
	printf "%s:%d: %s\n", file, line ? line : FNR, what
	failures++
}

function end_of_file() {
	if (file != "" && last > max_file)
		bad("file has " last " lines, the limit is " max_file, last)
}

function columns(line,   i, width, c) {
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		# mawk counts bytes: those that continue a UTF-8 character take no column.
		if (c >= "\200" && c < "\300")
			continue
		width += c == "\t" ? 8 - width % 8 : 1
	}
	if (width > max_columns)
		bad("line is " width " columns wide, the limit is " max_columns)
}

# Without comments, and with strings and character constants emptied.
function strip(line,   out, at) {
	out = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			in_comment = 0
			line = substr(line, at + 2)
		}
		if (!match(line, /"|'|\/\*|\/\//))
			return out line
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART)
		if (substr(line, 1, 2) == "//")
			return out
		if (substr(line, 1, 2) == "/*") {
			in_comment = 1
			line = substr(line, 3)
		} else if (match(line, /^"([^"\\]|\\.)*"/)) {
			out = out "\"\""
			line = substr(line, RLENGTH + 1)
		} else if (match(line, /^'([^'\\]|\\.)*'/)) {
			out = out "' '"
			line = substr(line, RLENGTH + 1)
		} else
			return out
	}
	return out
}

function directive(code, raw,   name) {
	if (code ~ /^# *include/)
		include(raw)
	if (code !~ /^# *(if|ifdef|ifndef|elif)/ || file == "common/base/compat.h")
		return
	n_if++
	if (file ~ /\.h$/ && n_if == 1 && code ~ /^#ifndef/)
		return
	bad("#if stands in common/base/compat.h only")
}

function room_of(path,   part) {
	split(path, part, "/")
	return part[1] == "common" ? part[2] : part[1]
}

function include(raw,   name, local, mine, theirs, lib) {
	local = raw ~ /"/
	name = raw
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*/, "", name)
	if (is_test)
		return
	for (lib in only)
		if (!local && index(name, lib) == 1 && index(" " only[lib] " ", " " file " ") == 0)
			bad("<" name "> belongs to " only[lib])
	if (!local)
		return
	if (name !~ /^(common|cmd)\//)
		return bad("include \"" name "\" by its path from the project root")
	mine = room_of(file); theirs = room_of(name)
	if (theirs == "cmd") {
		split(file, a, "/"); split(name, b, "/")
		if (a[1] != "cmd" || a[2] != b[2])
			bad("\"" name "\" is another room's: nothing includes a tool but itself")
	} else if (!(theirs in rank))
		bad("\"" name "\" is in no room of the house")
	else if (mine != "cmd" && mine != theirs && rank[theirs] >= rank[mine])
		bad("includes point downwards: " mine " may not know " theirs)
}

function has_call(code, names,   n, i, name) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		if (match(code, "(^|[^A-Za-z0-9_>.])" name[i] " *\\("))
			return name[i]
	return ""
}

function calls(code,   name) {
	if ((name = has_call(code, banned)) != "")
		bad(name "() is banned")
	if (!is_test && file != "common/base/mem.c" && (name = has_call(code, heap)) != "")
		bad(name "() stands in common/base/mem.c only; use mem_* or str_dup")
}

# Functions: what stands before a `{` in column one is its head.
function layout(code) {
	if (in_body) {
		if (code ~ /^}/) {
			in_body = 0
			if (FNR - start - 1 > max_function)
				bad("function has " (FNR - start - 1) " lines, the limit is " max_function, start)
		} else if (code ~ /^\t*(if|for|while|do|switch|else)( |\(|$)/)
			nesting(code)
		return
	}
	if (code ~ /^{/) {
		in_body = head ~ /\(/
		start = FNR
		if (in_body)
			parameters(head)
		head = ""
	} else if (code ~ /^(#|}|$)/ || code ~ /[;}\\]$/)  {
		if (code ~ /\);$/)
			parameters(head code)
		head = ""
	} else
		head = head code " "
}

function nesting(code,   depth) {
	match(code, /^\t*/)
	depth = RLENGTH
	if (depth == max_nesting + 1)
		bad("control blocks are nested deeper than " max_nesting)
}

# Commas of the first parenthesis, those of inner ones not counted.
function parameters(text,   i, c, depth, n) {
	if (text ~ /^[ \t]/ || text !~ /^[a-z]/)
		return
	if ((i = index(text, "(")) == 0 || substr(text, 1, i) ~ /=|__attribute__/)
		return
	for (; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			break
		else if (c == "," && depth == 1)
			n++
	}
	if (n + 1 > max_params)
		bad("function takes " (n + 1) " parameters, the limit is " max_params)
}
