#!/usr/bin/env bats
# install puts everything below DESTDIR, what is installed runs from there, and
# uninstall leaves no file.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  cd "$BATS_TEST_DIRNAME/../.." || return 1
  dest=$BATS_TEST_TMPDIR/dest
}

tools() { (cd cmd && echo *); }

@test "install, run, uninstall" {
  run make install DESTDIR="$dest" PREFIX=/usr
  assert_success
  for tool in $(tools); do
    run env -i "$dest/usr/bin/$tool" --version
    assert_success
    assert [ -e "$dest/usr/share/man/man1/$tool.1" ]
  done
  # The modules are found beside the program, wherever the tree was moved.
  for module in build/lib/parley/*.so; do
    assert [ -e "$dest/usr/lib/parley/${module##*/}" ]
  done
  # What is for practice: the server and its dialogues.
  run "$dest/usr/bin/parley-peer" --help
  assert_success
  assert [ -e "$dest/usr/share/man/man1/parley-peer.1" ]
  assert [ -e "$dest/usr/share/man/man7/parley-exercises.7" ]
  for dialogue in tests/dialogues/*.txt; do
    assert cmp "$dialogue" "$dest/usr/share/parley/dialogues/${dialogue##*/}"
  done
  touch "$dest/usr/bin/stranger"
  run make uninstall DESTDIR="$dest" PREFIX=/usr
  assert_success
  run find "$dest" -type f
  assert_output "$dest/usr/bin/stranger"
  assert [ ! -e "$dest/usr/lib/parley" ]
}
