# Prints the configuration of the Ceph cluster. Sourced by bash after lib.sh and debian.sh.
# Ports: 0 S3, 1 S3 with tokens, 2 S3 over TLS, 3 the monitor, 4 to 7 the storage daemon.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in lib.sh and debian.sh

# write_ceph_conf fsid
write_ceph_conf() {
    local plugins gateway
    plugins=$(echo "$tree"/usr/lib/*-linux-gnu)
    gateway="beast tcp_nodelay=1 endpoint=$host"
    cat <<-CONF
	[global]
	fsid = $1
	mon_initial_members = a
	mon_host = v2:$host:$(port 3)
	public_addr = $host
	cluster_addr = $host
	ms_bind_ipv6 = false
	ms_bind_msgr1 = false
	ms_bind_port_min = $(port 4)
	ms_bind_port_max = $(port 7)
	auth_cluster_required = none
	auth_service_required = none
	auth_client_required = none
	# radosgw asks for an encrypted connection to the monitor, which there is not without cephx.
	ms_mon_client_mode = crc
	run_dir = $state/run
	# The path of a socket may have 107 bytes at most, and nothing here needs one.
	admin_socket =
	pid_file =
	log_file = $state/log/\$name.log
	crash_dir = $state/crash
	keyring = $state/keyring
	plugin_dir = $plugins/ceph
	erasure_code_dir = $plugins/ceph/erasure-code
	osd_class_dir = $plugins/rados-classes
	osd_pool_default_size = 1
	osd_pool_default_min_size = 1
	osd_pool_default_pg_num = 8
	osd_pool_default_pgp_num = 8
	osd_pool_default_pg_autoscale_mode = off
	osd_crush_chooseleaf_type = 0
	mon_allow_pool_size_one = true
	mon_max_pg_per_osd = 2000
	mon_data_avail_warn = 1
	mon_data_avail_crit = 1
	# Each new pool and user takes a fraction of a second, not one or two.
	paxos_propose_interval = 0.05
	paxos_min_wait = 0.01

	[mon.a]
	mon_data = $state/data/mon

	[osd.0]
	osd_data = $state/data/osd
	osd_objectstore = memstore
	memstore_device_bytes = 8589934592
	osd_memory_target = 1073741824
	osd_op_queue = wpq

	[client]
	debug_rgw = ${CEPH_DEBUG_RGW:-1}
	rgw_data = $state/data/rgw
	rgw_thread_pool_size = 64
	rgw_dns_name = s3.localhost
	rgw_dynamic_resharding = false
	# Keys for SSE-KMS, as in Ceph's own tests.
	rgw_crypt_s3_kms_backend = testing
	rgw_crypt_s3_kms_encryption_keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
	# Deleted data leaves memory soon.
	rgw_gc_obj_min_wait = 30
	rgw_gc_processor_period = 30
	rgw_gc_processor_max_time = 30

	[client.rgw.a]
	rgw_frontends = $gateway:$(port 0) ssl_endpoint=$host:$(port 2) ssl_certificate=$state/tls/server.pem ssl_private_key=$state/tls/server.key

	[client.rgw.sts]
	rgw_frontends = $gateway:$(port 1)
	rgw_s3_auth_use_sts = true
	rgw_sts_key = testStsKey123456
	CONF
}
