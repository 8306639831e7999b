"""What people decided about findings: baselines and waivers as files, laid beside an audit."""
