/*
 * conf.h - a session.conf that is right, for tests to make wrong.
 */
#pragma once

#define CONF_HEAD                \
	"format = 1\n"           \
	"session = \"demo-1\"\n" \
	"title = \"Base station, first visit\"\n"
#define CONF_KEY "RWR5iR2Z7/kIoUy+5+TddQRq+sDs855liVL7sy5/rgiPEGAfclUFtBrp"
#define CONF_AGE \
	"age17dezwp90fqgn879knjuv7sqchqe6afhaeu3daqu6f4k2ze7sng2srtpwhd"
#define CONF_PEOPLE                                  \
	"auditor \"jane\" { full = \"Jane Doe\" }\n" \
	"auditor \"bob\" { }\n"
#define CONF_REST                                                            \
	"release \"v1.0\" { revision = \"v1.0\" status = \"production\" }\n" \
	"scope { include = { \"**\" } exclude = { \"secret/\" } }\n"         \
	"hours {\n"                                                          \
	"	first = \"2026-07-06\" last = \"2026-07-10\"\n"                    \
	"	from = \"09:00\" to = \"17:30\"\n"                                 \
	"	days = { \"mon\", \"tue\", \"wed\", \"thu\", \"fri\" }\n"          \
	"}\n"
#define CONF_EXPORT                                                   \
	"export {\n"                                                  \
	"	prose = \"allow\" # what they wrote\n"                      \
	"	path = \"approval\"\n"                                      \
	"	symbol = \"allow\"\n"                                       \
	"	metric = \"allow\"\n"                                       \
	"	bytes_one = 10000 bytes_day = 20000\n"                      \
	"	bytes_person = 30000 bytes_total = 40000 exports_day = 3\n" \
	"	quote_run = 20 quote_one = 40 quote_person = 60\n"          \
	"	quote_total = 80 encoded_run = 60\n"                        \
	"}\n"
#define CONF_RECIPIENT "recipient \"evaluator\" { key = \"" CONF_AGE "\" }\n"
#define CONF CONF_HEAD CONF_PEOPLE CONF_REST CONF_EXPORT CONF_RECIPIENT
