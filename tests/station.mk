# A station that was installed, started in a virtual machine.
station-vm: all
	@BUILD="$(BUILD)" sh tests/station/vm.sh

.PHONY: station-vm
