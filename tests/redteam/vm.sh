#!/bin/sh
# The walls on the kernel that Debian 12 ships, in a virtual machine without
# any privilege here: Landlock there is of ABI 2, typing into terminals
# cannot be switched off.  TAP.
#
# make redteam-vm      needs qemu-system-x86 and busybox-static; downloads the
#                      kernel's package once, into the build folder
# TESTS='policy/t_probe'  only these (and the proof)
# KERNEL=vmlinuz       use that one instead
# ACCEL=kvm            where that works: it is there on machines where it hangs
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
limit=${LIMIT:-900}
for need in qemu-system-x86_64 busybox dpkg-deb ldd; do
	command -v $need >/dev/null ||
	    { echo "$need is not installed"; exit 77; }
done

vm=$BUILD/vm
mkdir -p "$vm"
if [ -z "${KERNEL-}" ]; then
	image=$(apt-cache depends linux-image-amd64 2>/dev/null |
	    sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
	if ! ls "$vm"/linux-image-*.deb >/dev/null 2>&1; then
		[ -n "$image" ] && (cd "$vm" && apt-get -q download "$image") ||
		    { echo 'no kernel to be had'; exit 77; }
	fi
	dpkg-deb --fsys-tarfile "$vm"/linux-image-*.deb |
	    tar -xO --wildcards './boot/vmlinuz-*' >"$vm/vmlinuz"
	KERNEL=$vm/vmlinuz
fi

root=$vm/root
rm -rf "$root"
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" \
    "$root/etc" "$root/t" "$root/usr/bin" "$root/repo"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in mount poweroff su; do
	ln -s busybox "$root/bin/$name"
done
ln -s /bin/busybox "$root/usr/bin/env"
printf 'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/tmp:/bin/sh\n' \
    >"$root/etc/passwd"
printf 'root:x:0:\nann:x:1000:\n' >"$root/etc/group"

# A program and the libraries it names, where it looks for them.
take() { # PROGRAM FOLDER
	mkdir -p "$root/$2"
	cp "$1" "$root/$2/"
	ldd "$1" 2>/dev/null | sed -n 's/.*[	 ]\(\/[^ ]*\) (.*/\1/p' |
	while read -r lib; do
		mkdir -p "$root/${lib%/*}"
		[ -e "$root/$lib" ] || cp -L "$lib" "$root/$lib"
	done
}
for name in dash grep tr readlink cat sleep true rm; do
	take "/bin/$name" bin
done
ln -s dash "$root/bin/sh"
order=
for t in ${TESTS:-core/t_spawn policy/t_users tui/t_term_state policy/t_kiosk \
    policy/t_probe tui/t_launch policy/t_sandbox}; do
	order="$order ${t##*/}"
	[ -x "$BUILD/tests/$t" ] || { echo "$t is not built"; exit 77; }
	take "$BUILD/tests/$t" t
done
take "$BUILD/bin/vitrine" v/bin
for x in "$BUILD"/libexec/vitrine/room_*; do
	take "$x" v/libexec/vitrine
done
mkdir -p "$root/lib/terminfo/l" "$root/lib/terminfo/v"
for e in l/linux v/vt100; do
	cp -L "/lib/terminfo/$e" "$root/lib/terminfo/$e" 2>/dev/null
done

cat >"$root/init" <<'INIT'
#!/bin/sh
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
/bin/busybox mkdir -p /dev/pts /dev/shm /dev/mqueue
mount -t devpts none /dev/pts
mount -t tmpfs -o mode=1777 none /tmp
mount -t mqueue none /dev/mqueue
/bin/busybox chmod 666 /dev/null /dev/tty /dev/ptmx
export CMOCKA_MESSAGE_OUTPUT=TAP PATH=/bin
half() { # USER: what needs least first, so that a slow host shows most
	echo '=== begin'
	/bin/busybox uname -r
	echo "=== part $1 proof"
	su -s /bin/sh $1 -c '/v/bin/vitrine --proof' </dev/null 2>&1
	echo "=== status $?"
	for t in ORDER; do
		echo "=== part $1 ${t##*/}"
		su -s /bin/sh $1 -c "CMOCKA_MESSAGE_OUTPUT=TAP /t/$t" </dev/null 2>&1
		echo "=== status $?"
	done
	echo '=== end'
}
# Each user has a processor and a line of its own.
/bin/busybox stty -F /dev/ttyS0 raw
/bin/busybox stty -F /dev/ttyS1 raw
half root >/dev/ttyS0 2>&1 &
half ann >/dev/ttyS1 2>&1 &
wait
sleep 1
poweroff -f
INIT
sed -i "s|ORDER|$order|" "$root/init"
chmod +x "$root/init"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) |
    gzip -1 >"$vm/initramfs"

rm -f "$vm/log.root" "$vm/log.ann"
began=$(date +%s)
timeout "$limit" qemu-system-x86_64 -accel "${ACCEL:-tcg,thread=multi}" \
    -m 1536 -smp 2 -cpu qemu64 -nodefaults -no-reboot -display none \
    -serial "file:$vm/log.root" -serial "file:$vm/log.ann" \
    -kernel "$KERNEL" -initrd "$vm/initramfs" \
    -append 'console=ttyS0 panic=-1 quiet' </dev/null >"$vm/qemu" 2>&1
echo "# $(($(date +%s) - began)) seconds"

# One test for each program of each user, and one for the machine itself.
cat "$vm/log.root" "$vm/log.ann" 2>/dev/null | tr -d '\r' | awk '
/^=== begin/ { begun = 1; next }
begun == 1 { print "# kernel " $0; begun = 2; next }
/^=== part/ { name = $4 " as " $3; text = ""; bad = 0; next }
/^=== status/ {
	n++
	if ($3 != 0 || bad) failed = 1
	print ($3 == 0 && !bad ? "ok " : "not ok ") n " - " name
	if ($3 != 0 || bad) printf "%s", text
	next
}
/^=== end/ { ended++ }
/^not ok/ { bad = 1 }
/^(layers|[0-9]+ ways)/ { print "# " name ": " $0 }
{ text = text "# " $0 "\n" }
END {
	n++
	print (ended == 2 ? "ok " : "not ok ") n " - the machine ran to its end"
	print "1.." n
	exit failed || ended != 2
}'
